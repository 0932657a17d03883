// SPDX-License-Identifier: MIT
/** The selected period: its state, price, book and trades, with the trade form beside them. */
import { chainNow } from "../chainclock.ts";
import { useCell } from "../cell.ts";
import { useData } from "../data.ts";
import { Hint } from "../frame/Hint.tsx";
import { Card, Empty, Failure } from "../frame/Parts.tsx";
import { api, markets, selection } from "../state.ts";
import { countdown, dayName, spanName, utcHint } from "../time.ts";
import { MyOrders } from "../trade/MyOrders.tsx";
import { TradeForm } from "../trade/TradeForm.tsx";
import type { Market } from "../types.ts";
import { stateAt } from "../views.ts";
import { Book } from "./Book.tsx";
import { DayChart } from "./DayChart.tsx";
import { PeriodStrip, STATE_NAMES } from "./PeriodStrip.tsx";
import { PriceScale } from "./PriceScale.tsx";
import { Trades } from "./Trades.tsx";

export function MarketView() {
  const market = useShownMarket();
  const topic = market && `market:${market.market}`;
  const depth = useData(topic, [topic ?? ""], () => api.depth(market?.market ?? 0));
  return (
    <div class="market" id="market">
      <h2 class="strip-title"><Hint of="period">When should the energy flow?</Hint></h2>
      <PeriodStrip />
      <div class="columns">
        <div class="main-column">
          {market ? (
            <Card id="book-card" title={<PeriodTitle market={market} />} aside={<StateChip market={market} />}>
              <PriceScale market={market} />
              <Failure>{depth.error}</Failure>
              <Book market={market} depth={depth.value} />
              <Trades key={market.market} market={market} />
            </Card>
          ) : (
            <Card id="book-card" title="Period"><Empty>Reading the market…</Empty></Card>
          )}
          <DayChart />
        </div>
        <div class="side-column">
          {market && <TradeForm market={market} depth={depth.value} />}
          <MyOrders />
        </div>
      </div>
    </div>
  );
}

/** The selected market: from the strip, or, for a period of the past, asked for by itself. */
function useShownMarket(): Market | null {
  const chosen = useCell(selection)?.market ?? null;
  const listed = useCell(markets)?.find(({ market }) => market === chosen) ?? null;
  const elsewhere = chosen !== null && !listed;
  const topic = `market:${chosen}`;
  const asked = useData(elsewhere ? topic : null, [topic, "settled"], () => api.market(chosen ?? 0));
  return listed ?? asked.value;
}

function PeriodTitle({ market }: { market: Market }) {
  return (
    <span title={utcHint(market.startsAt)} data-testid="period-title">
      {dayName(market.startsAt)}, {spanName(market.startsAt, market.endsAt)}
    </span>
  );
}

function StateChip({ market }: { market: Market }) {
  const now = useCell(chainNow);
  const state = stateAt(market, now);
  const left = state === "open" ? `, ${countdown(market.gateAt, now)} left` : "";
  return <span class={`chip ${state}`} data-testid="period-state">{market.halted ? "halted" : STATE_NAMES[state]}{left}</span>;
}
