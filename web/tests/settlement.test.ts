// SPDX-License-Identifier: MIT
/** The shared examples of whole periods: positions, cash, sums and certificates anew, in the page's integers. */
import { describe, expect, test } from "vitest";
import vectors from "../../tests/vectors/settlement.json";

interface Terms {
  retailTicks: number;
  feedInTicks: number;
}

interface Energies {
  importWh: number;
  exportWh: number;
}

interface Member {
  contractedWh: number;
  imbalanceWh: number;
  cash: number;
  certificatesWh: number;
  balance?: number;
  debt?: number;
}

interface Period {
  readings: Record<string, Energies>;
  known?: Record<string, Energies>;
  members: Record<string, Member>;
  corrected?: Record<string, { imbalanceWh: number; cash: number }>;
  backstopCash: number;
  backstopCashAbroad?: Record<string, number>;
  backstopCashCorrected?: number;
  fees?: number;
  poolWh: number;
}

interface Scenario {
  title: string;
  terms: Terms;
  homes?: Record<string, number>;
  abroad?: Record<string, Terms>;
  periods: Period[];
}

const HOME = 1;
const scenarios = vectors.scenarios as unknown as Scenario[];
const periods = scenarios.flatMap((scenario) =>
  scenario.periods.map((period, i) => [`${scenario.title}, period ${i}`, scenario, period] as const));

function sum(values: Iterable<number>): bigint {
  let total = 0n;
  for (const value of values) total += BigInt(value);
  return total;
}

function net({ importWh, exportWh }: Energies): number {
  return exportWh - importWh;
}

function valueOf(imbalanceWh: number, { retailTicks, feedInTicks }: Terms): bigint {
  return BigInt(imbalanceWh) * BigInt(imbalanceWh < 0 ? retailTicks : feedInTicks);
}

function homeOf(scenario: Scenario, name: string): number {
  return scenario.homes?.[name] ?? HOME;
}

function termsOf(scenario: Scenario, name: string): Terms {
  const home = homeOf(scenario, name);
  const found = home === HOME ? scenario.terms : scenario.abroad?.[String(home)];
  if (!found) throw new Error(`no terms of ${name}`);
  return found;
}

describe.each(periods)("%s", (_title, scenario, period) => {
  const members = Object.entries(period.members);

  test("what is sold is bought, and all cash sums to nothing", () => {
    expect(sum(members.map(([, member]) => member.contractedWh))).toBe(0n);
    const backstops = [period.backstopCash, ...Object.values(period.backstopCashAbroad ?? {})];
    const cash = [...members.map(([, member]) => member.cash), ...backstops, period.fees ?? 0];
    expect(sum(cash)).toBe(0n);
  });

  test("an imbalance is what was metered less what was contracted", () => {
    for (const [name, reading] of Object.entries(period.readings)) {
      const member = period.members[name];
      expect(member?.imbalanceWh, name).toBe(net(reading) - (member?.contractedWh ?? 0));
    }
  });

  test("each area's backstop buys and sells its members' imbalances", () => {
    const areas = { [HOME]: period.backstopCash, ...period.backstopCashAbroad };
    for (const [area, cash] of Object.entries(areas)) {
      const mine = members.filter(([name]) => homeOf(scenario, name) === Number(area));
      const values = mine.map(([name, member]) => valueOf(member.imbalanceWh, termsOf(scenario, name)));
      expect(values.reduce((total, value) => total - value, 0n)).toBe(BigInt(cash));
    }
  });

  test("a correction pays the difference between two imbalances", () => {
    for (const [name, corrected] of Object.entries(period.corrected ?? {})) {
      const before = period.members[name] as Member;
      const known = period.known?.[name] as Energies;
      expect(corrected.imbalanceWh).toBe(net(known) - before.contractedWh);
      const terms = termsOf(scenario, name);
      const more = valueOf(corrected.imbalanceWh, terms) - valueOf(before.imbalanceWh, terms);
      expect(BigInt(corrected.cash - before.cash)).toBe(more);
      expect(BigInt(period.backstopCash - (period.backstopCashCorrected ?? 0))).toBe(more);
    }
  });

  test("the pool is shared by net bought, rounded down; what is left isn't minted", () => {
    const metered = { ...period.readings, ...period.known };
    const delivered = ([name, { contractedWh }]: [string, Member]) =>
      Math.max(0, Math.min(contractedWh, metered[name] ? net(metered[name]) : 0));
    expect(sum(members.map(delivered))).toBe(BigInt(period.poolWh));
    const bought = sum(members.map(([, member]) => Math.max(0, -member.contractedWh)));
    for (const [name, member] of members) {
      const shares = (BigInt(period.poolWh) * BigInt(Math.max(0, -member.contractedWh))) / (bought || 1n);
      const deliverable = metered[name] ? Math.max(0, net(metered[name])) : 0;
      const own = BigInt(deliverable - delivered([name, member]));
      expect(BigInt(member.certificatesWh), name).toBe(shares + own);
    }
  });
});

describe.each(vectors.agreements.map((each) => [each.title, each] as const))("%s", (_title, example) => {
  const trades = [...example.agreements, ...example.trades];
  const members = Object.entries(example.members);
  const readings = example.readings as Record<string, Energies>;
  const seller = example.agreements[0]?.seller;

  function energy(side: "seller" | "buyer", name?: string): number {
    return Number(sum(trades.filter((trade) => trade[side] === name).map((trade) => trade.energyWh)));
  }

  function value(side: "seller" | "buyer", name: string): bigint {
    return sum(trades.filter((trade) => trade[side] === name).map((trade) => trade.energyWh * trade.priceTicks));
  }

  function charged(side: "seller" | "buyer", name: string): bigint {
    return sum(example.charges.filter((_, i) => example.agreements[i]?.[side] === name));
  }

  test("a shortfall is charged by agreement, rounded down", () => {
    const contracted = energy("seller", seller) - energy("buyer", seller);
    const short = contracted - net(readings[seller ?? ""] as Energies);
    expect(Math.min(Math.max(short, 0), contracted)).toBe(example.shortfallWh);
    const shares = example.agreements.map((each) => Math.floor((example.shortfallWh * each.energyWh) / energy("seller", seller)));
    expect(shares).toEqual(example.sharesWh);
    expect(shares.map((share, i) => share * (example.agreements[i]?.chargeTicks ?? 0))).toEqual(example.charges);
  });

  test("charges are part of what everybody gets, and all cash sums to nothing", () => {
    for (const [name, member] of members) {
      const imbalance = net(readings[name] as Energies) - (energy("seller", name) - energy("buyer", name));
      expect(member.imbalanceWh, name).toBe(imbalance);
      const traded = value("seller", name) - value("buyer", name);
      const charges = charged("buyer", name) - charged("seller", name);
      expect(BigInt(member.cash), name).toBe(traded + charges + valueOf(imbalance, example.terms));
    }
    expect(sum(members.map(([, member]) => member.cash)) + BigInt(example.backstopCash)).toBe(0n);
  });
});
