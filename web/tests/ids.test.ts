// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { marketId, marketParts, refParts } from "../src/ids.ts";

test("a market id holds area, carrier and period", () => {
  const parts = { area: 1, carrier: 2, period: 1_963_584 };
  expect(marketId(parts)).toBe(Number((1n << 40n) | (2n << 32n) | 1_963_584n));
  expect(marketParts(marketId(parts))).toEqual(parts);
});

test("the greatest market id survives", () => {
  const parts = { area: 255, carrier: 255, period: 2 ** 32 - 1 };
  expect(marketParts(marketId(parts))).toEqual(parts);
});

test("a reference is tick and index, also above 2^31", () => {
  expect(refParts(2000 * 65_536 + 7)).toEqual({ tick: 2000, index: 7 });
  expect(refParts(57_599 * 65_536 + 4_095)).toEqual({ tick: 57_599, index: 4_095 });
});
