// SPDX-License-Identifier: MIT
/** What an order would mean, before it is signed: exact, in integers, and pure. */
import type { Calendar, Depth, Market } from "../types.ts";
import { AmountError, CENT_DECIMALS, formatCents, formatKwh, KWH_DECIMALS, parseAmount } from "../units.ts";

export interface Draft {
  side: "bid" | "offer";
  /** kWh, as written. */
  energy: string;
  /** ct a kWh, as written: the limit, or the guard of an order that takes what there is. */
  price: string;
  immediate: boolean;
}

export interface Limits {
  minEnergyWh: bigint;
  maxEnergyWh: bigint;
  maxPriceTicks: bigint;
}

export interface Problems {
  energy?: string;
  price?: string;
}

export interface Plan {
  energyWh: bigint;
  limitTicks: bigint;
  feeTicks: bigint;
  /** At the limit: the most a buyer pays, the least a seller gets. */
  valueUnits: bigint;
  lockUnits: bigint;
  /** What the backstop would charge or pay for the same energy. */
  supplierUnits: bigint;
  /** What the book would trade at once, and for how much, fees included. */
  now: { energyWh: bigint; units: bigint };
}

export type Judged = { plan: Plan; problems: null } | { plan: null; problems: Problems };

/** Reads the draft. Without a plan, `problems` says what to change. */
export function judge(draft: Draft, market: Market, depth: Depth | null, limits: Limits): Judged {
  const problems: Problems = {};
  const energyWh = attempt(() => readEnergy(draft.energy, limits), (message) => (problems.energy = message));
  const limitTicks = attempt(() => readPrice(draft, market, limits), (message) => (problems.price = message));
  if (energyWh === null || limitTicks === null) return { plan: null, problems };
  return { plan: plan(draft, market, depth, energyWh, limitTicks), problems: null };
}

function plan(draft: Draft, market: Market, depth: Depth | null, energyWh: bigint, limitTicks: bigint): Plan {
  const buys = draft.side === "bid";
  const retail = BigInt(market.retailTicks);
  const cover = retail > limitTicks ? retail - limitTicks : 0n;
  return {
    energyWh,
    limitTicks,
    feeTicks: feeOf(market, buys),
    valueUnits: energyWh * limitTicks,
    lockUnits: energyWh * (buys ? limitTicks : cover),
    supplierUnits: energyWh * (buys ? retail : BigInt(market.feedInTicks)),
    now: walk(buys, feeOf(market, buys), depth, energyWh, limitTicks),
  };
}

/** The fee a traded kWh bears on this side, in ticks. */
export function feeOf(market: Market, buys: boolean): bigint {
  return BigInt(buys ? market.levyBuyTicks : market.levySellTicks);
}

/** What a buyer would pay, or a seller get, at a price of the book. */
export function withFee(market: Market, buys: boolean, bookTicks: bigint): bigint {
  return buys ? bookTicks + feeOf(market, true) : bookTicks - feeOf(market, false);
}

/** Takes the other side's levels, best first, as far as the limit allows. */
function walk(buys: boolean, fee: bigint, depth: Depth | null, wanted: bigint, limit: bigint): Plan["now"] {
  let energyWh = 0n;
  let units = 0n;
  for (const level of (buys ? depth?.offers : depth?.bids) ?? []) {
    const own = buys ? BigInt(level.priceTicks) + fee : BigInt(level.priceTicks) - fee;
    if (energyWh === wanted || (buys ? own > limit : own < limit)) break;
    const here = BigInt(level.energyWh);
    const taken = here < wanted - energyWh ? here : wanted - energyWh;
    energyWh += taken;
    units += taken * own;
  }
  return { energyWh, units };
}

function readEnergy(text: string, limits: Limits): bigint {
  const energyWh = parseAmount(text, KWH_DECIMALS);
  if (energyWh < limits.minEnergyWh)
    throw new AmountError(`The smallest order is ${formatKwh(limits.minEnergyWh)} kWh.`);
  if (energyWh > limits.maxEnergyWh)
    throw new AmountError(`The greatest order is ${formatKwh(limits.maxEnergyWh)} kWh.`);
  return energyWh;
}

function readPrice(draft: Draft, market: Market, limits: Limits): bigint {
  const ticks = parseAmount(draft.price, CENT_DECIMALS);
  const retail = BigInt(market.retailTicks);
  if (draft.side === "bid") {
    const fee = feeOf(market, true);
    if (ticks > retail)
      throw new AmountError(`The supplier asks ${formatCents(retail)} ct: you need never pay more.`);
    if (ticks < fee) throw new AmountError(`It must cover the fee of ${formatCents(fee)} ct.`);
  } else if (ticks + feeOf(market, false) > limits.maxPriceTicks) {
    const greatest = limits.maxPriceTicks - feeOf(market, false);
    throw new AmountError(`The greatest price is ${formatCents(greatest)} ct.`);
  }
  return ticks;
}

function attempt<T>(read: () => T, failed: (message: string) => void): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    failed(error.message);
    return null;
  }
}

/** A price to begin with: halfway between what the supplier pays and asks; as a guard, the supplier's own. */
export function suggestedPrice(market: Market, side: Draft["side"], immediate: boolean): string {
  const [retail, feedIn] = [BigInt(market.retailTicks), BigInt(market.feedInTicks)];
  if (immediate) return formatCents(side === "bid" ? retail : feedIn);
  return formatCents((retail + feedIn) / 2n);
}

/** Why nobody can trade in this market now; null if one can. */
export function closedReason(market: Market, calendar: Calendar, now: number): string | null {
  if (market.state === "void") return "This period was called off: all orders were undone.";
  if (market.halted) return "Trading is halted at the moment. You can still cancel orders and withdraw money.";
  if (now < market.opensAt) return "Trading for this period hasn\u2019t opened yet.";
  if (now < market.gateAt) return null;
  const minutes = Math.round(calendar.gateBefore / 60);
  return `Trading for this period has ended (${minutes} min before it starts). Please choose a later one.`;
}
