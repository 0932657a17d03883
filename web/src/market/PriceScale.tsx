// SPDX-License-Identifier: MIT
/** Where neighbours' prices lie between what the supplier pays and what it asks. */
import { Price } from "../frame/Amount.tsx";
import { Hint } from "../frame/Hint.tsx";
import type { Market } from "../types.ts";
import { formatCents, percentOf } from "../units.ts";

export function PriceScale({ market }: { market: Market }) {
  const [low, high] = [BigInt(market.feedInTicks), BigInt(market.retailTicks)];
  const at = (ticks: string) => Math.max(0, Math.min(100, percentOf(BigInt(ticks) - low, high - low)));
  const shown = market.averagePriceTicks ?? market.lastPriceTicks;
  return (
    <div class="scale" data-testid="price-scale">
      <p class="scale-words">
        {shown ? (
          <>Neighbours trade at <strong><Price ticks={shown} /></strong> per kWh on average.</>
        ) : (
          "Nobody has traded in this period yet."
        )}
      </p>
      <div class="scale-bar" aria-hidden="true">
        {market.bestBidTicks && <i class="mark bid" style={{ left: `${at(market.bestBidTicks)}%` }} title={`Best bid: ${formatCents(BigInt(market.bestBidTicks))} ct`} />}
        {market.bestOfferTicks && <i class="mark offer" style={{ left: `${at(market.bestOfferTicks)}%` }} title={`Best offer: ${formatCents(BigInt(market.bestOfferTicks))} ct`} />}
        {shown && <i class="mark last" style={{ left: `${at(shown)}%` }} />}
      </div>
      <div class="scale-ends">
        <span><Hint of="backstop">Supplier</Hint> pays <Price ticks={market.feedInTicks} /></span>
        <span>Supplier asks <Price ticks={market.retailTicks} /></span>
      </div>
    </div>
  );
}
