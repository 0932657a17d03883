// SPDX-License-Identifier: MIT
/**
 * Energy, price and money at the edges: what people write and read ↔ the integers used inside.
 *
 *   energy  Wh          "1.5" kWh     ↔ 1500n
 *   price   ticks       "19.00" ct    ↔ 1900n     a tick is 0.01 ct a kWh
 *   money   cash units  "1.2345"      ↔ 12345000n 1 cash unit = 1 Wh × 1 tick = 1e-7 currency
 *
 * Only `plotted` makes a floating-point number, for charts.
 */

export const KWH_DECIMALS = 3;
export const CENT_DECIMALS = 2;
export const CASH_DECIMALS = 7;
const MINUS = "\u2212";

/** Says in one sentence why a text isn't an amount. */
export class AmountError extends Error {}

/** Exact: "1.5" or "1,5" with 3 decimals → 1500n. Throws AmountError. */
export function parseAmount(text: string, decimals: number): bigint {
  const plain = text.trim().replace(",", ".");
  if (plain === "") throw new AmountError("Please fill this in.");
  if (plain.startsWith("-") || plain.startsWith(MINUS)) throw new AmountError("It must not be negative.");
  const match = /^(\d{0,15})(?:\.(\d*))?$/.exec(plain);
  const whole = match?.[1] ?? "";
  const fraction = (match?.[2] ?? "").replace(/0+$/, "");
  if (!match || whole + (match[2] ?? "") === "") throw new AmountError("Write a number, such as 1.5.");
  if (fraction.length > decimals) throw new AmountError(`At most ${decimals} decimals, please.`);
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/** The whole value, its trailing zeros cut down to `least` decimals: 1500n, 3, 1 → "1.5". */
export function formatAmount(value: bigint, decimals: number, least = decimals): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  const kept = fraction.slice(0, least) + fraction.slice(least).replace(/0+$/, "");
  return (value < 0n ? MINUS : "") + whole + (kept ? `.${kept}` : "");
}

/** `value` without its last `cut` decimals, half away from zero. */
export function rounded(value: bigint, cut: number): bigint {
  const step = 10n ** BigInt(cut);
  const size = value < 0n ? -value : value;
  const result = (size + step / 2n) / step;
  return value < 0n ? -result : result;
}

/** Wh → "1.5" (kWh). */
export function formatKwh(wh: bigint, least = 1): string {
  return formatAmount(wh, KWH_DECIMALS, least);
}

/** Ticks → "19.00" (ct a kWh). */
export function formatCents(ticks: bigint): string {
  return formatAmount(ticks, CENT_DECIMALS);
}

/** Cash units → "0.3260", for reading; the exact amount is `formatMoneyExact`. */
export function formatMoney(units: bigint, decimals = 4): string {
  return formatAmount(rounded(units, CASH_DECIMALS - decimals), decimals);
}

export function formatMoneyExact(units: bigint): string {
  return formatAmount(units, CASH_DECIMALS, 2);
}

/** "+0.3260" or "−0.3490": money that comes or goes. */
export function formatFlow(units: bigint, decimals = 4): string {
  const text = formatMoney(units, decimals);
  return units > 0n ? `+${text}` : text;
}

/** A decimal with a plain point and minus, as the API reads it. */
export function plainDecimal(value: bigint, decimals: number): string {
  return formatAmount(value, decimals).replace(MINUS, "-");
}

/** A base-unit text of the API → bigint; null stays null. */
export function big(text: string): bigint;
export function big(text: string | null): bigint | null;
export function big(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}

/** For charts only. */
export function plotted(text: string | null, decimals: number): number | null {
  return text === null ? null : Number(text) / 10 ** decimals;
}

/** A share of a greatest value in whole percent, for bars. */
export function percentOf(value: bigint, greatest: bigint): number {
  return greatest > 0n ? Number((value * 100n) / greatest) : 0;
}
