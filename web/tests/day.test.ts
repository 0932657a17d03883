// SPDX-License-Identifier: MIT
/** The shared day of tests/vectors: its sums and its cash anew, in the page's integers and amounts. */
import { describe, expect, test } from "vitest";
import day from "../../tests/vectors/day.json";
import { refParts } from "../src/ids.ts";
import { CASH_DECIMALS, formatMoneyExact, parseAmount } from "../src/units.ts";

type Row = readonly number[];

const MINUS = "\u2212";
const periods = day.orders.map((_, period) => period);

function terms(account: number, period: number) {
  const area = day.areas.find((each) => each.area === account >> 16);
  const found = area?.terms.filter((each) => each.fromPeriod <= period).at(-1);
  if (!found) throw new Error(`no terms of ${account} in ${period}`);
  return found;
}

function sum(values: readonly (number | undefined)[]): bigint {
  return values.reduce((total: bigint, value) => total + BigInt(value ?? 0), 0n);
}

/** sold, bought, received, paid of an account in a period. */
function position(account: number, period: number): bigint[] {
  const row = (day.positions[period] as Row[]).find((each) => each[0] === account);
  return [1, 2, 3, 4].map((column) => BigInt(row?.[column] ?? 0));
}

/** Of a position and what was metered. */
function cash(account: number, period: number, importWh: number, exportWh: number) {
  const [sold, bought, received, paid] = position(account, period) as [bigint, bigint, bigint, bigint];
  const imbalance = BigInt(exportWh - importWh) - (sold - bought);
  const { retail, feedIn } = terms(account, period);
  return { imbalance, cash: received - paid + imbalance * BigInt(imbalance < 0n ? retail : feedIn) };
}

describe("the shared day", () => {
  test.each(periods)("period %i: bought is sold, and all cash sums to nothing", (period) => {
    const rows = day.positions[period] as Row[];
    expect(sum(rows.map((row) => row[1]))).toBe(sum(rows.map((row) => row[2])));
    const members = sum((day.settled[period] as Row[]).map((row) => row[4]));
    expect(members + sum(day.backstopCash[period] ?? []) + sum(day.fees[period] ?? [])).toBe(0n);
  });

  test("what an account is settled with follows from its position and its meters", () => {
    for (const period of periods) {
      for (const [account, importWh, exportWh, imbalance, paidOut] of day.settled[period] as Required<Row>[]) {
        const found = cash(account as number, period, importWh as number, exportWh as number);
        expect(found).toEqual({ imbalance: BigInt(imbalance as number), cash: BigInt(paidOut as number) });
      }
    }
  });

  test("a correction adds the difference", () => {
    for (const [period, account, importWh, exportWh, added] of day.corrected as [number, number, number, number, number][]) {
      const before = (day.settled[period] as Row[]).find((row) => row[0] === account)?.[4];
      expect(cash(account, period, importWh, exportWh).cash).toBe(BigInt(before ?? 0) + BigInt(added));
    }
  });

  test("an order that rests stands where its owner's limit and fees put it", () => {
    for (const row of day.orders.flat() as Row[]) {
      const [account, area, isOffer, kind, limit, , , refused, , , restWh, ref] = row as Required<Row>;
      if (kind === 4 || refused || !restWh) continue;
      const home = (account as number) >> 16;
      const { levyBuy, levySell } = terms((area as number) << 16, 0);
      const later = terms((area as number) << 16, 95);
      const way = day.connections.find((each) => each.from === home && each.to === area);
      const fees = (isOffer ? [levySell, later.levySell] : [levyBuy, later.levyBuy]).map((fee) => fee + (way?.feeTicks ?? 0));
      const ticks = fees.map((fee) => (limit as number) + (isOffer ? fee : -fee));
      expect(ticks).toContain(refParts(ref as number).tick);
    }
  });

  test("no money is lost, and the page writes every amount as it is", () => {
    const put = sum(day.areas.map((area) => area.backstopDeposit)) + sum(day.accounts.map((row) => row[1]));
    expect(sum(day.final.map((row) => row[1]))).toBe(put);
    for (const units of day.final.map((row) => BigInt(row[1] ?? 0))) {
      expect(parseAmount(formatMoneyExact(units), CASH_DECIMALS)).toBe(units);
      expect(formatMoneyExact(-units).replace(MINUS, "")).toBe(formatMoneyExact(units));
    }
  });
});
