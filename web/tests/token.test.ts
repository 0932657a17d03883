// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { parsePayment, type Token, tokensOf } from "../src/token.ts";
import { AmountError } from "../src/units.ts";

const token = (decimals: number): Token => ({
  decimals,
  cashUnitsPerTokenUnit: 10 ** Math.max(7 - decimals, 0),
  tokenUnitsPerCashUnit: 10 ** Math.max(decimals - 7, 0),
});

describe("payments in the token", () => {
  test.each([
    [0, "12", 120_000_000n, 12n],
    [2, "12,5", 125_000_000n, 1250n],
    [6, "0.000001", 10n, 1n],
    [7, "0.0000001", 1n, 1n],
    [18, "0.0000001", 1n, 10n ** 11n],
    [18, "900000000000", 9n * 10n ** 18n, 9n * 10n ** 29n],
  ])("with %d decimals %j is %d cash units and %d token units", (decimals, text, units, tokens) => {
    expect(parsePayment(text, token(decimals))).toBe(units);
    expect(tokensOf(units, token(decimals))).toBe(tokens);
  });

  test.each([
    [0, "12.5"],
    [2, "0.001"],
    [6, "0.0000001"],
    [18, "0.00000001"],
  ])("with %d decimals %j is finer than can be paid", (decimals, text) => {
    expect(() => parsePayment(text, token(decimals))).toThrow(AmountError);
  });

  test("what is left of a token unit stays behind", () => {
    expect(tokensOf(129_999_999n, token(0))).toBe(12n);
    expect(tokensOf(19n, token(6))).toBe(1n);
  });
});
