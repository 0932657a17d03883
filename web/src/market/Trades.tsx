// SPDX-License-Identifier: MIT
/** The selected period's trades, latest first, and how its price moved. */
import { useMemo } from "preact/hooks";
import { useData } from "../data.ts";
import { Energy, Price } from "../frame/Amount.tsx";
import { Chart, type Line } from "../frame/Chart.tsx";
import { Empty, Failure, Time } from "../frame/Parts.tsx";
import { api } from "../state.ts";
import type { Market, Trade } from "../types.ts";
import { formatCents, formatKwh, plotted } from "../units.ts";

const SHOWN = 5;
/** Trades of one moment make no line. */
const SHORTEST_LINE = 300;

export function Trades({ market }: { market: Market }) {
  const topic = `market:${market.market}`;
  const trades = useData(topic, [topic], async () => (await api.trades(market.market)).items);
  const items = trades.value ?? [];
  return (
    <div data-testid="trades">
      <h3>Trades</h3>
      <Failure>{trades.error}</Failure>
      {!items.length && <Empty>No trades in this period yet.</Empty>}
      {isLong(items) && <PriceLine trades={items} />}
      {items.length > 0 && (
        <table class="trades">
          <thead>
            <tr><th scope="col">Time</th><th scope="col" class="num">Price</th><th scope="col" class="num">Energy</th></tr>
          </thead>
          <tbody>
            {items.slice(0, SHOWN).map((trade) => (
              <tr key={trade.trade} data-testid="trade-row">
                <td><Time at={trade.at} /></td>
                <td class={`num ${trade.takerSide}`}><Price ticks={trade.priceTicks} /></td>
                <td class="num"><Energy wh={trade.energyWh} least={3} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function isLong(trades: Trade[]): boolean {
  const [latest, first] = [trades[0], trades.at(-1)];
  return latest !== undefined && first !== undefined && latest.at - first.at >= SHORTEST_LINE;
}

/** One dot a trade; trades of one block lie side by side, in the order they happened. */
function PriceLine({ trades }: { trades: Trade[] }) {
  const [times, columns, lines] = useMemo(() => {
    const inOrder = [...trades].reverse();
    const line: Line = {
      label: "Price",
      colour: "--accent",
      kind: "line",
      text: (index) => {
        const trade = inOrder[index];
        return trade ? `${formatCents(BigInt(trade.priceTicks))} ct for ${formatKwh(BigInt(trade.energyWh))} kWh` : "\u2013";
      },
    };
    const spread = inOrder.map((trade, at) => trade.at + placeInBlock(inOrder, at));
    return [spread, [inOrder.map((trade) => plotted(trade.priceTicks, 2))], [line]] as const;
  }, [trades]);
  const label = `${trades.length} trades, the latest at ${formatCents(BigInt(trades[0]?.priceTicks ?? "0"))} ct`;
  return <Chart label={label} times={times} lines={[...lines]} columns={[...columns]} unit="ct per kWh" barSeconds={60} height={150} />;
}

function placeInBlock(trades: Trade[], at: number): number {
  let before = 0;
  while (trades[at - before - 1]?.at === trades[at]?.at && before < at) before += 1;
  return before / 100;
}
