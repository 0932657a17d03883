// SPDX-License-Identifier: MIT
/** Money into and out of the account: each step is checked, signed or sent by the wallet, and awaited. */
import { checkPermit } from "../checks.ts";
import { api } from "../state.ts";
import type { Account } from "../types.ts";
import { tokensOf } from "../token.ts";
import { CASH_DECIMALS, plainDecimal } from "../units.ts";
import { sign } from "../wallet/connection.ts";
import { ready, type Say, transact } from "./transacting.ts";

interface Move {
  account: Account;
  /** Cash units. */
  units: bigint;
  say: Say;
}

/** Deposits with a signed permit: one signature and one transaction. */
export async function depositWithPermit({ account, units, say }: Move): Promise<void> {
  const [connected, known] = await ready();
  const tokens = tokensOf(units, known.token);
  const prepared = await api.permitToSign(account.account, currency(units));
  checkPermit(prepared, connected.address, tokens, known);
  say("Please sign the permission in your wallet\u2026");
  const signature = await sign(connected, prepared.typedData);
  const { amountTokens, deadline } = prepared;
  const body = { account: account.account, amountTokens, deadline, signature };
  await transact("deposit-with-permit", body, { depositWithPermit: [account.account, tokens] }, say);
}

/** Deposits in two transactions, for wallets that can't sign a permit. */
export async function depositByApproval({ account, units, say }: Move): Promise<void> {
  const [, known] = await ready();
  const tokens = tokensOf(units, known.token);
  const body = { account: account.account, amountCurrency: currency(units) };
  if (BigInt(account.allowanceTokens) < tokens)
    await transact("approve", body, { approve: [known.contracts.PaymentVault, tokens] }, say);
  await transact("deposit", body, { deposit: [account.account, tokens] }, say);
}

export async function withdraw({ account, units, say }: Move): Promise<void> {
  const [connected, known] = await ready();
  const tokens = tokensOf(units, known.token);
  const body = { account: account.account, amountCurrency: currency(units) };
  await transact("withdraw", body, { withdraw: [account.account, tokens, connected.address] }, say);
}

/** Test money out of nothing, in the demo. */
export async function mint({ account, units, say }: Move): Promise<void> {
  const [connected, known] = await ready();
  const tokens = tokensOf(units, known.token);
  const body = { account: account.account, amountCurrency: currency(units) };
  await transact("mint-test-tokens", body, { mint: [connected.address, tokens] }, say);
}

function currency(units: bigint): string {
  return plainDecimal(units, CASH_DECIMALS);
}
