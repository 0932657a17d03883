// SPDX-License-Identifier: MIT
/** The payment token's units beside the vault's cash units: of a token with 6 decimals one is 10 cash units, with 18 a cash unit is 10^11. */
import { CASH_DECIMALS, parseAmount } from "./units.ts";

export interface Token {
  decimals: number;
  /** One of the two is always 1. */
  cashUnitsPerTokenUnit: number;
  tokenUnitsPerCashUnit: number;
}

/** Cash units of an amount in currency, no finer than token and vault can pay. Throws AmountError. */
export function parsePayment(text: string, { decimals }: Token): bigint {
  const kept = Math.min(decimals, CASH_DECIMALS);
  return parseAmount(text, kept) * 10n ** BigInt(CASH_DECIMALS - kept);
}

/** Token units of cash units; what is left of a token unit stays behind. */
export function tokensOf(units: bigint, token: Token): bigint {
  return (units / BigInt(token.cashUnitsPerTokenUnit)) * BigInt(token.tokenUnitsPerCashUnit);
}
