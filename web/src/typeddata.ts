// SPDX-License-Identifier: MIT
/** The signed messages (EIP-712) and the order word, as contracts/ and wattbook/typeddata have them. */
import { type Address, hashTypedData, type Hex } from "viem";
import { marketParts, refParts } from "./ids.ts";
import type { TypedData } from "./types.ts";

export const ORDER =
  "Order(uint24 account,uint8 area,uint8 carrier,uint32 period,uint8 side,uint8 kind,bool restRemainder," +
  "uint16 priceTicks,uint24 energyWh,uint16 maxFeeTicks,uint32 nonce,uint40 validUntil)";
export const CANCELLATION =
  "Cancellation(uint24 account,uint8 area,uint8 carrier,uint32 period,uint16 tick,uint16 index,uint40 validUntil)";
export const SESSION =
  "Session(address participant,string origin,uint40 issuedAt,uint40 validUntil,bytes32 nonce)";
export const RECEIPT = "Receipt(bytes32 orderHash,uint64 sequence,uint40 receivedAt)";
export const PERMIT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
const DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

export interface Domain {
  name: string;
  version: string;
  chainId: number;
  verifyingContract: Address;
}

interface Field {
  name: string;
  type: string;
}

/** What an order says, in the types that TypeScript needs for its widest values. */
export interface OrderFields {
  account: number;
  area: number;
  carrier: number;
  period: number;
  side: number;
  kind: number;
  restRemainder: boolean;
  priceTicks: number;
  energyWh: number;
  maxFeeTicks: number;
  nonce: number;
  validUntil: number;
}

/** Orders, cancellations, sessions and receipts are meant for the order book. */
export function bookDomain(chainId: number, orderBook: Address): Domain {
  return { name: "Wattbook", version: "1", chainId, verifyingContract: orderBook };
}

/** `Name(type field,…)` → the typed data's `types` and `primaryType`, as a wallet takes them. */
export function describe(type: string): Pick<TypedData, "types" | "primaryType"> {
  const primaryType = type.slice(0, type.indexOf("("));
  return { types: { EIP712Domain: fields(DOMAIN), [primaryType]: fields(type) }, primaryType };
}

function fields(type: string): Field[] {
  return type.slice(type.indexOf("(") + 1, -1).split(",").map((member) => {
    const [kind = "", name = ""] = member.split(" ");
    return { name, type: kind };
  });
}

/** The 32 bytes that are signed. */
export function digest(type: string, domain: Domain, message: Record<string, unknown>): Hex {
  return hashTypedData({ ...describe(type), domain, message: { ...message } });
}

/** From the lowest bit: contracts/types/Order.sol. */
const LAYOUT: readonly (readonly [keyof OrderFields, number])[] = [
  ["account", 24],
  ["period", 32],
  ["carrier", 8],
  ["area", 8],
  ["side", 1],
  ["kind", 2],
  ["restRemainder", 1],
  ["priceTicks", 16],
  ["energyWh", 23],
  ["maxFeeTicks", 16],
  ["nonce", 28],
  ["validUntil", 40],
];

/** The order's word. Throws RangeError when a value doesn't fit its field. */
export function packOrder(order: OrderFields): bigint {
  let word = 0n;
  let shift = 0n;
  for (const [name, bits] of LAYOUT) {
    const value = BigInt(order[name]);
    if (value < 0n || value >> BigInt(bits)) throw new RangeError(`${name} doesn't fit ${bits} bits: ${value}`);
    word |= value << shift;
    shift += BigInt(bits);
  }
  return word;
}

/** The reverse of `packOrder`. Throws RangeError when bits above the last field are set. */
export function unpackOrder(word: bigint): OrderFields {
  const order: Record<string, number | boolean> = {};
  let rest = word;
  for (const [name, bits] of LAYOUT) {
    const value = Number(rest & ((1n << BigInt(bits)) - 1n));
    order[name] = name === "restRemainder" ? value === 1 : value;
    rest >>= BigInt(bits);
  }
  if (rest) throw new RangeError("The order word has bits above its last field.");
  return order as unknown as OrderFields;
}

/** What a cancellation of a resting order says. */
export function cancellationFields(account: number, market: number, ref: number, validUntil: number) {
  return { account, ...marketParts(market), ...refParts(ref), validUntil };
}
