// SPDX-License-Identifier: MIT
/** Proof of where the bought energy came from. */
import { useState } from "preact/hooks";
import { useData } from "../data.ts";
import { Energy } from "../frame/Amount.tsx";
import { Hint } from "../frame/Hint.tsx";
import { Card, Empty, Failure } from "../frame/Parts.tsx";
import { api } from "../state.ts";
import { dayName, spanName } from "../time.ts";
import { Field } from "../trade/fields.tsx";
import type { HeldCertificate } from "../types.ts";
import { AmountError, formatAmount, formatKwh, KWH_DECIMALS, parseAmount } from "../units.ts";
import { usePeriodSeconds } from "../views.ts";
import { retire } from "./deeds.ts";
import { useDeed } from "./useDeed.ts";

export function Certificates({ account }: { account: number }) {
  const seconds = usePeriodSeconds();
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
      {items.length > 0 && <Retire account={account} seconds={seconds} />}
    </Card>
  );
}

/** Certificates that cover energy which the account took from the grid in their period. */
function Retire({ account, seconds }: { account: number; seconds: number }) {
  const read = useData(`held:${account}`, ["certificates"], async () => (await api.heldCertificates(account)).items);
  const [chosen, choose] = useState<number | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const usable = (read.value ?? []).filter(({ retirableWh }) => BigInt(retirableWh) > 0n);
  const held = usable.find(({ market }) => market === chosen) ?? usable[0];
  return (
    <>
      <Failure>{read.error}</Failure>
      {held && (
        <>
          <div class="field">
            <label for="retired-certificate">Certificates you can use up</label>
            <select
              id="retired-certificate"
              data-testid="retired-certificate"
              value={held.market}
              onChange={(event) => choose(Number(event.currentTarget.value))}
            >
              {usable.map((one) => (
                <option key={one.market} value={one.market}>{labelOf(one, seconds)}</option>
              ))}
            </select>
          </div>
          <Amount key={`${held.market}.${held.retirableWh}`} account={account} held={held} say={setDone} />
        </>
      )}
      <p class="quiet" role="status" data-testid="retired">{done}</p>
    </>
  );
}

function labelOf({ area, period, retirableWh }: HeldCertificate, seconds: number): string {
  const when = `${dayName(period * seconds)}, ${spanName(period * seconds, (period + 1) * seconds)}`;
  return `${when}: ${formatKwh(BigInt(retirableWh), 3)} kWh, made in area ${area}`;
}

function Amount({ account, held, say }: { account: number; held: HeldCertificate; say(done: string | null): void }) {
  const most = BigInt(held.retirableWh);
  const [text, setText] = useState(formatAmount(most, KWH_DECIMALS));
  const deed = useDeed(async (step) => {
    const energyWh = parseAmount(text, KWH_DECIMALS);
    if (energyWh === 0n) throw new AmountError("Choose an amount above 0.");
    if (energyWh > most) throw new AmountError(`You took ${formatAmount(most, KWH_DECIMALS)} kWh from the grid that can still be covered.`);
    say(null);
    await retire(account, held.market, energyWh, step);
    const sentence = `${formatAmount(energyWh, KWH_DECIMALS)} kWh used up.`;
    say(sentence);
    return sentence;
  });
  return (
    <form onSubmit={deed.submit} noValidate>
      <Field id="retired-energy" label="Energy to cover" unit="kWh" value={text} problem={deed.problem} change={setText} />
      <p class="quiet">
        <Hint of="retire">Using certificates up</Hint> proves that what you took from the grid then was produced here. It can’t be undone.
      </p>
      <button class="primary" data-testid="retire" disabled={deed.step !== null}>{deed.step ?? "Use up"}</button>
      <Failure>{deed.failure}</Failure>
    </form>
  );
}
