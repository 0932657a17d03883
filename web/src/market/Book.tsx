// SPDX-License-Identifier: MIT
/** The selected period's open orders: what neighbours offer and what they want, best price first. */
import { Energy, Price } from "../frame/Amount.tsx";
import { Hint } from "../frame/Hint.tsx";
import { Empty } from "../frame/Parts.tsx";
import { pin } from "../state.ts";
import { prefill } from "../trade/prefill.ts";
import { withFee } from "../trade/plan.ts";
import type { Depth, Level, Market } from "../types.ts";
import { formatCents, formatKwh, percentOf } from "../units.ts";

const SHOWN = 6;

export function Book({ market, depth }: { market: Market; depth: Depth | null }) {
  const [offers, bids] = [depth?.offers.slice(0, SHOWN) ?? [], depth?.bids.slice(0, SHOWN) ?? []];
  const greatest = [...offers, ...bids].reduce((most, { energyWh }) => (BigInt(energyWh) > most ? BigInt(energyWh) : most), 0n);
  const more = (depth?.offers.length ?? 0) + (depth?.bids.length ?? 0) - offers.length - bids.length;
  return (
    <div data-testid="book">
      <div class="book">
        <Half title="For sale" empty="Nobody offers anything yet." market={market} levels={offers} greatest={greatest} buys />
        <Half title="Wanted" empty="Nobody asks for anything yet." market={market} levels={bids} greatest={greatest} buys={false} />
      </div>
      <p class="quiet">
        Prices with <Hint of="fee">fee</Hint>: what you would pay or get. Press one to take it over.
        {more > 0 && ` ${more} more further away.`}
      </p>
    </div>
  );
}

interface HalfProps {
  title: string;
  empty: string;
  market: Market;
  levels: Level[];
  greatest: bigint;
  /** Whether taking these levels means buying. */
  buys: boolean;
}

function Half({ title, empty, market, levels, greatest, buys }: HalfProps) {
  return (
    <div class={buys ? "half offers" : "half bids"}>
      <h3>{title}</h3>
      {!levels.length && <Empty>{empty}</Empty>}
      <ol data-testid={buys ? "offers" : "bids"}>
        {levels.map((level) => <LevelRow key={level.priceTicks} market={market} level={level} greatest={greatest} buys={buys} />)}
      </ol>
    </div>
  );
}

function LevelRow({ market, level, greatest, buys }: { market: Market; level: Level; greatest: bigint; buys: boolean }) {
  const own = withFee(market, buys, BigInt(level.priceTicks));
  const energy = BigInt(level.energyWh);
  const take = () => {
    pin();
    prefill.set({ side: buys ? "bid" : "offer", energy: formatKwh(energy), price: formatCents(own < 0n ? 0n : own) });
    document.getElementById("energy")?.focus();
  };
  return (
    <li>
      <button
        type="button"
        class="level"
        data-price={level.priceTicks}
        title={`${level.orders} ${level.orders === 1 ? "order" : "orders"}; ${formatCents(BigInt(level.priceTicks))} ct without fee`}
        onClick={take}
      >
        <span class="level-bar" style={{ width: `${Math.max(2, percentOf(energy, greatest))}%` }} aria-hidden="true" />
        <span class="level-price"><Price ticks={own} /></span>
        <span class="level-energy"><Energy wh={energy} least={3} /></span>
      </button>
    </li>
  );
}
