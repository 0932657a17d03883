// SPDX-License-Identifier: MIT
/** Packed ids: market = area << 40 | carrier << 32 | period. They are below 2^53, but not below 2^32. */

const PERIODS = 2 ** 32;
const CARRIERS = 2 ** 8;

export interface MarketParts {
  area: number;
  carrier: number;
  period: number;
}

export function marketId({ area, carrier, period }: MarketParts): number {
  return (area * CARRIERS + carrier) * PERIODS + period;
}

export function marketParts(market: number): MarketParts {
  const above = Math.floor(market / PERIODS);
  return { area: Math.floor(above / CARRIERS), carrier: above % CARRIERS, period: market % PERIODS };
}

/** Where an order rests: ref = tick << 16 | index. */
export function refParts(ref: number): { tick: number; index: number } {
  return { tick: Math.floor(ref / 0x10000), index: ref % 0x10000 };
}

const CARRIER_NAMES = ["Electricity", "Heat", "Gas"];

export function carrierName(carrier: number): string {
  return CARRIER_NAMES[carrier] ?? `Carrier ${carrier}`;
}
