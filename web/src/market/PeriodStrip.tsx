// SPDX-License-Identifier: MIT
/** The delivery periods that can be traded now, and those about to be delivered. */
import { useEffect, useRef } from "preact/hooks";
import { chainNow } from "../chainclock.ts";
import { useCell } from "../cell.ts";
import { Price } from "../frame/Amount.tsx";
import { choose, markets, selection } from "../state.ts";
import { clockTime, countdown, dayName, utcHint } from "../time.ts";
import type { Market, MarketState } from "../types.ts";
import { stateAt } from "../views.ts";

export const STATE_NAMES: Record<MarketState, string> = {
  upcoming: "opens soon",
  open: "open",
  gateClosed: "trading ended",
  delivering: "flowing now",
  metering: "being metered",
  settled: "settled",
  void: "called off",
};

export function PeriodStrip() {
  const items = useCell(markets);
  const chosen = useCell(selection)?.market;
  const strip = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const list = strip.current;
    const button = list?.querySelector<HTMLElement>("[aria-pressed=true]");
    // Only sideways: the page itself must not jump.
    if (list && button) list.scrollTo({ left: button.offsetLeft - list.clientWidth / 3, behavior: "smooth" });
  }, [chosen, items?.[0]?.market]);
  if (!items) return <div class="strip loading" aria-busy="true" />;
  if (!items.length) return <p class="empty">No period can be traded at the moment.</p>;
  return (
    <ul class="strip" ref={strip} aria-label="Delivery periods" data-testid="periods">
      {items.map((market) => (
        <li key={market.market}>
          <PeriodButton market={market} chosen={market.market === chosen} />
        </li>
      ))}
    </ul>
  );
}

function PeriodButton({ market, chosen }: { market: Market; chosen: boolean }) {
  const now = useCell(chainNow);
  const state = stateAt(market, now);
  const price = market.averagePriceTicks ?? market.lastPriceTicks;
  const left = state === "open" ? countdown(market.gateAt, now) : "";
  return (
    <button
      type="button"
      class={`period ${state}`}
      aria-pressed={chosen}
      data-testid="period"
      data-market={market.market}
      data-state={state}
      title={`${dayName(market.startsAt)}, ${utcHint(market.startsAt)}`}
      onClick={() => choose(market.market)}
    >
      <span class="period-time">{clockTime(market.startsAt)}</span>
      <span class="period-price">{price ? <Price ticks={price} /> : "no trade yet"}</span>
      <span class="period-state">{market.halted ? "halted" : left ? `${left} left` : STATE_NAMES[state]}</span>
    </button>
  );
}
