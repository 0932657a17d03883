// SPDX-License-Identifier: MIT
/** A transaction of the owner's own: prepared by the API, checked here, sent by the wallet, awaited. */
import { decodeFunctionData, type Hex, isAddressEqual, parseAbi } from "viem";
import { Mismatch } from "../checks.ts";
import { api, deployment, wallet } from "../state.ts";
import { tell } from "../topics.ts";
import type { Deployment, UnsignedTransaction } from "../types.ts";
import { ensureChain } from "../wallet/actions.ts";
import { type ConnectedWallet, send } from "../wallet/connection.ts";

/** What the page may ask a wallet to send; anything else that the server prepares is refused. */
const KNOWN = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount)",
  "function deposit(uint24 account, uint256 amount)",
  "function depositWithPermit(uint24 account, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
  "function withdraw(uint24 account, uint256 amount, address to)",
  "function fileDispute(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister)",
  "function retire(uint24 account, uint48 market, uint256 energyWh)",
]);

const CONTRACTS = {
  mint: "TestEuro",
  approve: "TestEuro",
  deposit: "PaymentVault",
  depositWithPermit: "PaymentVault",
  withdraw: "PaymentVault",
  fileDispute: "Disputes",
  retire: "EnergyToken",
} as const;

const POLL_MS = 700;
const PATIENCE_MS = 300_000;

export type Say = (step: string) => void;

/** The API prepares it, the page checks it, the wallet sends it, the chain takes it. */
export async function transact(name: string, body: object, expected: Record<string, unknown[]>, say: Say): Promise<void> {
  const [connected, known] = await ready();
  const prepared = await api.transaction(name, { ...body });
  checkTransaction(prepared, expected, known);
  say("Please confirm in your wallet\u2026");
  const hash = await send(connected, prepared);
  say("Waiting for the chain\u2026");
  await mined(hash, known);
  tell("account", "money", "energy", "disputes", "certificates");
}

/** The prepared transaction calls the expected function, with the expected first arguments, and sends no ether. */
export function checkTransaction(
  prepared: UnsignedTransaction,
  expected: Record<string, unknown[]>,
  known: Deployment,
): void {
  const { functionName, args } = decodeFunctionData({ abi: KNOWN, data: prepared.data });
  const wanted = expected[functionName];
  const name = CONTRACTS[functionName];
  const to = name === "TestEuro" ? known.token.address : known.contracts[name];
  if (!wanted) throw new Mismatch(functionName);
  if (!to || !isAddressEqual(prepared.to, to)) throw new Mismatch("contract");
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

export async function ready(): Promise<[ConnectedWallet, Deployment]> {
  await ensureChain();
  const [connected, known] = [wallet.get(), deployment.get()];
  if (!connected || !known) throw new Error("Please connect your wallet first.");
  return [connected, known];
}
