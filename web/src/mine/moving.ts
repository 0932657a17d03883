// SPDX-License-Identifier: MIT
/** Money into and out of the account: each step is checked, signed or sent by the wallet, and awaited. */
import { type Address, decodeFunctionData, type Hex, isAddressEqual, parseAbi } from "viem";
import { checkPermit, Mismatch } from "../checks.ts";
import { api, deployment, wallet } from "../state.ts";
import { tell } from "../topics.ts";
import type { Account, Deployment, UnsignedTransaction } from "../types.ts";
import { tokensOf } from "../token.ts";
import { CASH_DECIMALS, plainDecimal } from "../units.ts";
import { ensureChain } from "../wallet/actions.ts";
import { type ConnectedWallet, send, sign } from "../wallet/connection.ts";

/** What the page may ask a wallet to send; anything else that the server prepares is refused. */
const KNOWN = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount)",
  "function deposit(uint24 account, uint256 amount)",
  "function depositWithPermit(uint24 account, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
  "function withdraw(uint24 account, uint256 amount, address to)",
]);

const POLL_MS = 700;
const PATIENCE_MS = 300_000;

export type Say = (step: string) => void;

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

async function transact(name: string, body: object, expected: Record<string, unknown[]>, say: Say): Promise<void> {
  const [connected, known] = await ready();
  const prepared = await api.transaction(name, { ...body });
  checkTransaction(prepared, expected, known);
  say("Please confirm in your wallet\u2026");
  const hash = await send(connected, prepared);
  say("Waiting for the chain\u2026");
  await mined(hash, known);
  tell("account", "money");
}

/** The prepared transaction calls the expected function, with the expected first arguments, and sends no ether. */
export function checkTransaction(
  prepared: UnsignedTransaction,
  expected: Record<string, unknown[]>,
  known: Deployment,
): void {
  const { functionName, args } = decodeFunctionData({ abi: KNOWN, data: prepared.data });
  const wanted = expected[functionName];
  const token = functionName === "mint" || functionName === "approve";
  const to: Address = token ? known.token.address : known.contracts.PaymentVault;
  if (!wanted) throw new Mismatch(functionName);
  if (!isAddressEqual(prepared.to, to)) throw new Mismatch("contract");
  if (BigInt(prepared.value) !== 0n) throw new Mismatch("value");
  wanted.forEach((value, at) => {
    if (String(args[at]).toLowerCase() !== String(value).toLowerCase()) throw new Mismatch(`${functionName}, part ${at + 1}`);
  });
}

/** Waits until the transaction is in a block. Throws when the chain refused it. */
async function mined(hash: Hex, known: Deployment): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const receipt = await api.rpc<{ status: Hex } | null>(known.chain.rpcUrl, "eth_getTransactionReceipt", [hash]).catch(() => null);
    if (receipt && BigInt(receipt.status) === 1n) return;
    if (receipt) throw new Error("The chain refused the transaction. Nothing has changed.");
    await new Promise((resume) => setTimeout(resume, POLL_MS));
  }
  throw new Error("The chain hasn\u2019t taken the transaction yet. Your wallet shows what becomes of it.");
}

async function ready(): Promise<[ConnectedWallet, Deployment]> {
  await ensureChain();
  const [connected, known] = [wallet.get(), deployment.get()];
  if (!connected || !known) throw new Error("Please connect your wallet first.");
  return [connected, known];
}
