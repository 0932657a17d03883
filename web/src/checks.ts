// SPDX-License-Identifier: MIT
/** Before a wallet signs: does the prepared message say what the person asked for, and nothing else? */
import { type Address, type Hex, hexToBigInt, recoverTypedDataAddress } from "viem";
import { marketParts } from "./ids.ts";
import * as typed from "./typeddata.ts";
import type { CancelToSign, Deployment, OrderToSign, PermitToSign, Receipt, SessionToSign, TypedData } from "./types.ts";

/** The server prepared something else than was asked for: nothing gets signed. */
export class Mismatch extends Error {
  constructor(what: string) {
    super(`The server prepared a message that isn\u2019t what you asked for (${what}). Nothing was signed.`);
  }
}

export interface ExpectedOrder {
  account: number;
  market: number;
  isOffer: boolean;
  immediate: boolean;
  limitTicks: bigint;
  energyWh: bigint;
  feeTicks: bigint;
  gateAt: number;
}

export function checkOrder(prepared: OrderToSign, expected: ExpectedOrder, deployment: Deployment): void {
  const order = typed.unpackOrder(hexToBigInt(prepared.order));
  const { nonce, validUntil } = order;
  const asked: typed.OrderFields = {
    account: expected.account,
    ...marketParts(expected.market),
    side: expected.isOffer ? 1 : 0,
    kind: expected.immediate ? 1 : 0,
    restRemainder: false,
    priceTicks: Number(expected.limitTicks),
    energyWh: Number(expected.energyWh),
    maxFeeTicks: Number(expected.feeTicks),
    nonce,
    validUntil,
  };
  for (const name of Object.keys(asked) as (keyof typed.OrderFields)[])
    if (order[name] !== asked[name]) throw new Mismatch(name);
  if (validUntil > expected.gateAt) throw new Mismatch("validUntil");
  checkBookMessage(prepared.typedData, typed.ORDER, { ...asked }, prepared.hash, deployment);
}

export function checkCancel(
  prepared: CancelToSign,
  expected: { account: number; market: number; ref: number },
  deployment: Deployment,
): void {
  const { account, market, ref } = expected;
  const fields = typed.cancellationFields(account, market, ref, prepared.cancel.validUntil);
  for (const name of ["account", "market", "ref"] as const)
    if (prepared.cancel[name] !== expected[name]) throw new Mismatch(name);
  checkBookMessage(prepared.typedData, typed.CANCELLATION, fields, prepared.hash, deployment);
}

export function checkSession(prepared: SessionToSign, address: Address, origin: string, deployment: Deployment): void {
  const message = prepared.typedData.message;
  if (!same(message["participant"], address)) throw new Mismatch("participant");
  if (message["origin"] !== origin) throw new Mismatch("origin");
  checkBookMessage(prepared.typedData, typed.SESSION, message, null, deployment);
}

export function checkPermit(prepared: PermitToSign, owner: Address, tokens: bigint, deployment: Deployment): void {
  const { domain, message } = prepared.typedData;
  if (!same(message["owner"], owner)) throw new Mismatch("owner");
  if (!same(message["spender"], deployment.contracts.PaymentVault)) throw new Mismatch("spender");
  if (BigInt(message["value"] as string) !== tokens) throw new Mismatch("amount");
  if (BigInt(domain["chainId"] as string) !== BigInt(deployment.chain.chainId)) throw new Mismatch("chain");
  if (!same(domain["verifyingContract"], deployment.token.address)) throw new Mismatch("token");
  checkShape(prepared.typedData, typed.PERMIT);
}

/** Whether the relay's receipt is signed by the key that this deployment names. */
export async function receiptIsGenuine(receipt: Receipt, deployment: Deployment): Promise<boolean> {
  const signer = await recoverTypedDataAddress({
    ...typed.describe(typed.RECEIPT),
    domain: domainOf(deployment),
    message: { orderHash: receipt.hash, sequence: BigInt(receipt.sequence), receivedAt: receipt.acceptedAt },
    signature: receipt.signature,
  }).catch(() => null);
  return signer !== null && same(signer, deployment.receiptSigner);
}

function domainOf(deployment: Deployment): typed.Domain {
  return typed.bookDomain(deployment.chain.chainId, deployment.contracts.OrderBook);
}

/** Domain, types and every field are as expected; `hash`, if given, is the message's digest. */
function checkBookMessage(
  data: TypedData,
  type: string,
  message: Record<string, unknown>,
  hash: Hex | null,
  deployment: Deployment,
): void {
  const domain = domainOf(deployment);
  for (const [name, value] of Object.entries(domain))
    if (!same(data.domain[name], value)) throw new Mismatch(`domain ${name}`);
  checkShape(data, type);
  const names = Object.keys(message);
  if (Object.keys(data.message).length !== names.length) throw new Mismatch("fields");
  for (const name of names) if (!same(data.message[name], message[name])) throw new Mismatch(name);
  if (hash !== null && typed.digest(type, domain, message) !== hash) throw new Mismatch("hash");
}

function checkShape(data: TypedData, type: string): void {
  const { types, primaryType } = typed.describe(type);
  if (data.primaryType !== primaryType) throw new Mismatch("type");
  for (const [name, members] of Object.entries(types)) {
    const given = data.types[name];
    if (!given && name === "EIP712Domain") continue;
    const written = given?.map((member) => `${member.type} ${member.name}`).join();
    if (written !== members.map((member) => `${member.type} ${member.name}`).join()) throw new Mismatch("type");
  }
}

/** Equal as JSON values; addresses and hashes whatever their letters' case, integers as text or number. */
function same(left: unknown, right: unknown): boolean {
  if (left === null || left === undefined || right === null || right === undefined) return false;
  if (typeof left === "boolean" || typeof right === "boolean") return left === right;
  return String(left).toLowerCase() === String(right).toLowerCase();
}
