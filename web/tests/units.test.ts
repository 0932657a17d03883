// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import * as units from "../src/units.ts";

describe("reading amounts", () => {
  test.each([
    ["1.5", 1500n],
    ["1,5", 1500n],
    [" 0.010 ", 10n],
    [".5", 500n],
    ["8388.607", 8388607n],
    ["1.5000", 1500n],
    ["2.", 2000n],
  ])("%j kWh is %d Wh", (text, wh) => {
    expect(units.parseAmount(text, 3)).toBe(wh);
  });

  test.each(["", ".", "abc", "1.5.2", "1e3", "-1", "\u22121", "0.0001", "1 000", "0x10", "Infinity"])(
    "%j is refused with a sentence",
    (text) => {
      expect(() => units.parseAmount(text, 3)).toThrow(units.AmountError);
    },
  );
});

describe("writing amounts", () => {
  test("no digit is lost in amounts that a float can't hold", () => {
    expect(units.formatMoneyExact(90071992547409931234567n)).toBe("9007199254740993.1234567");
    expect(units.parseAmount("900719925474099.1234567", 7)).toBe(9007199254740991234567n);
  });

  test("trailing zeros are cut to the least number of decimals", () => {
    expect(units.formatKwh(1500n)).toBe("1.5");
    expect(units.formatKwh(2000n)).toBe("2.0");
    expect(units.formatKwh(1234n)).toBe("1.234");
    expect(units.formatKwh(1500n, 3)).toBe("1.500");
  });

  test("prices are whole hundredths of a cent", () => {
    expect(units.formatCents(1905n)).toBe("19.05");
    expect(units.formatCents(0n)).toBe("0.00");
  });

  test("money is rounded half away from zero for reading", () => {
    expect(units.formatMoney(3_260_500n)).toBe("0.3261");
    expect(units.formatMoney(-3_260_500n)).toBe("\u22120.3261");
    expect(units.formatMoney(3_260_499n)).toBe("0.3260");
    expect(units.formatFlow(3_260_000n)).toBe("+0.3260");
    expect(units.formatFlow(0n)).toBe("0.0000");
  });

  test("the API gets a plain minus", () => {
    expect(units.plainDecimal(-1n, 7)).toBe("-0.0000001");
  });
});
