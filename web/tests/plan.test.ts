// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { closedReason, type Draft, judge, suggestedPrice, withFee } from "../src/trade/plan.ts";
import { ownAverage } from "../src/trade/states.ts";
import type { Depth, Order } from "../src/types.ts";
import { market } from "./samples.ts";

const limits = { minEnergyWh: 10n, maxEnergyWh: 8_388_607n, maxPriceTicks: 57_599n };
const depth: Depth = {
  market: market.market,
  block: 1,
  offers: [
    { priceTicks: "1800", energyWh: "400", orders: 1 },
    { priceTicks: "2000", energyWh: "1000", orders: 2 },
    { priceTicks: "2500", energyWh: "9000", orders: 1 },
  ],
  bids: [{ priceTicks: "1500", energyWh: "700", orders: 1 }],
};
const buy = (energy: string, price: string): Draft => ({ side: "bid", energy, price, immediate: false });
const sell = (energy: string, price: string): Draft => ({ side: "offer", energy, price, immediate: false });

describe("a bid", () => {
  test("pays at most energy times limit, locks that, and is compared with retail", () => {
    const { plan } = judge(buy("1.5", "21"), market, depth, limits);
    expect(plan).toMatchObject({ energyWh: 1_500n, limitTicks: 2_100n, valueUnits: 3_150_000n, lockUnits: 3_150_000n, supplierUnits: 4_800_000n });
  });

  test("takes what is offered within its limit, fee included, best first", () => {
    const { plan } = judge(buy("1.5", "21"), market, depth, limits);
    expect(plan?.now).toEqual({ energyWh: 1_400n, units: 400n * 1_900n + 1_000n * 2_100n });
    expect(judge(buy("1.5", "20.99"), market, depth, limits).plan?.now.energyWh).toBe(400n);
  });

  test("above the supplier's price is refused", () => {
    expect(judge(buy("1", "32"), market, depth, limits).problems).toBeNull();
    expect(judge(buy("1", "32.01"), market, depth, limits).problems?.price).toContain("32.00 ct");
  });

  test("below its fee is refused", () => {
    expect(judge(buy("1", "0.99"), market, depth, limits).problems?.price).toContain("1.00 ct");
  });
});

describe("an offer", () => {
  test("locks what a buyer would need if nothing were delivered", () => {
    const { plan } = judge(sell("2", "19"), market, depth, limits);
    expect(plan).toMatchObject({ valueUnits: 3_800_000n, lockUnits: 2_000n * 1_300n, supplierUnits: 1_600_000n });
    expect(judge(sell("2", "40"), market, depth, limits).plan?.lockUnits).toBe(0n);
  });

  test("meets bids that leave it its limit after the fee", () => {
    expect(judge(sell("2", "14.50"), market, depth, limits).plan?.now).toEqual({ energyWh: 700n, units: 700n * 1_450n });
    expect(judge(sell("2", "14.51"), market, depth, limits).plan?.now.energyWh).toBe(0n);
  });
});

test("too little, too much and unreadable energy are refused", () => {
  for (const energy of ["0.009", "8388.608", "a lot", ""])
    expect(judge(buy(energy, "20"), market, depth, limits).problems?.energy).toBeTruthy();
});

test("prices of the book are shown with the reader's own fee", () => {
  expect(withFee(market, true, 1_800n)).toBe(1_900n);
  expect(withFee(market, false, 1_500n)).toBe(1_450n);
});

test("the first price lies between the supplier's two; as a guard it is the supplier's own", () => {
  expect(suggestedPrice(market, "bid", false)).toBe("20.00");
  expect(suggestedPrice(market, "bid", true)).toBe("32.00");
  expect(suggestedPrice(market, "offer", true)).toBe("8.00");
});

test("a market can be traded from its opening to its gate, unless it is halted or void", () => {
  const calendar = { periodSeconds: 900, opensBefore: 7_200, gateBefore: 300, finalAfter: 1_800, correctionsUntil: 604_800 };
  expect(closedReason(market, calendar, market.opensAt)).toBeNull();
  expect(closedReason(market, calendar, market.opensAt - 1)).toContain("hasn\u2019t opened");
  expect(closedReason(market, calendar, market.gateAt)).toContain("5 min before");
  expect(closedReason({ ...market, halted: true }, calendar, market.opensAt)).toContain("halted");
  expect(closedReason({ ...market, state: "void" }, calendar, market.opensAt)).toContain("called off");
});

test("an order's average price is what its owner paid or got, fee included", () => {
  const order = { averagePriceTicks: "1850", limitTicks: "2100", bookPriceTicks: "2000" } as Order;
  expect(ownAverage(order)).toBe(1_950n);
  expect(ownAverage({ ...order, limitTicks: "1800", bookPriceTicks: "1850" })).toBe(1_800n);
  expect(ownAverage({ ...order, averagePriceTicks: null })).toBeNull();
});
