// SPDX-License-Identifier: MIT
/** What the order would cost or earn, in plain words, before anybody signs. */
import { Energy, Money, Price } from "../frame/Amount.tsx";
import { Hint } from "../frame/Hint.tsx";
import type { Draft, Plan } from "./plan.ts";

export function Preview({ plan, draft }: { plan: Plan; draft: Draft }) {
  const buys = draft.side === "bid";
  const rest = plan.energyWh - plan.now.energyWh;
  return (
    <dl class="preview" data-testid="preview" aria-live="polite">
      <dt>{buys ? "You pay at most" : "You get at least"}</dt>
      <dd data-testid="preview-value">
        <strong><Money units={plan.valueUnits} /></strong>
      </dd>
      <dt>
        <Hint of="backstop">The supplier</Hint> would {buys ? "charge" : "pay"}
      </dt>
      <dd data-testid="preview-supplier"><Money units={plan.supplierUnits} /></dd>
      <dt><Hint of="fee">Fee</Hint>, already in it</dt>
      <dd><Price ticks={plan.feeTicks} /> per kWh</dd>
      <dt><Hint of="held">Set aside</Hint> for now</dt>
      <dd data-testid="preview-lock"><Money units={plan.lockUnits} /></dd>
      <dt class="full" data-testid="preview-now">
        {plan.now.energyWh > 0n ? (
          <>
            <Energy wh={plan.now.energyWh} /> {buys ? "is on offer now, for" : "is wanted now, for"} <Money units={plan.now.units} />
            {rest > 0n && (draft.immediate ? "; the rest is dropped." : "; the rest waits.")}
            {rest === 0n && "."}
          </>
        ) : draft.immediate ? (
          "Nothing matches at this price now: the order would end at once."
        ) : (
          "Nothing matches at this price now: your order waits for a neighbour."
        )}
      </dt>
    </dl>
  );
}
