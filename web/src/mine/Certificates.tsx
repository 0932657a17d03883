// SPDX-License-Identifier: MIT
/** Proof of where the bought energy came from. */
import { useCell } from "../cell.ts";
import { useData } from "../data.ts";
import { Energy } from "../frame/Amount.tsx";
import { Hint } from "../frame/Hint.tsx";
import { Card, Empty, Failure } from "../frame/Parts.tsx";
import { api, deployment } from "../state.ts";
import { dayName, spanName } from "../time.ts";

export function Certificates({ account }: { account: number }) {
  const seconds = useCell(deployment)?.calendar.periodSeconds ?? 900;
  const read = useData(`certificates:${account}`, ["certificates"], () => api.certificates(account));
  const items = read.value ?? [];
  const total = items.reduce((sum, { energyWh }) => sum + BigInt(energyWh), 0n);
  return (
    <Card id="certificates" title={<Hint of="certificate">Certificates</Hint>} aside={<Energy wh={total} />}>
      <Failure>{read.error}</Failure>
      {items.length ? (
        <details>
          <summary>{items.length} {items.length === 1 ? "certificate" : "certificates"}</summary>
          <ul class="moves">
            {items.map(({ market, period, energyWh }) => (
              <li key={market}>
                <span>{dayName(period * seconds)}</span>
                <span class="quiet">{spanName(period * seconds, (period + 1) * seconds)}</span>
                <Energy wh={energyWh} />
              </li>
            ))}
          </ul>
        </details>
      ) : (
        <Empty>They are handed out once a period’s readings can no longer be corrected.</Empty>
      )}
    </Card>
  );
}
