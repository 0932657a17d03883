// SPDX-License-Identifier: MIT
/** What is signed and sent, and what became of it. */
import type { Address, Hex } from "viem";
import type { Kind, Side } from "./public.ts";

export interface TypedData {
  domain: Record<string, unknown>;
  types: Record<string, { name: string; type: string }[]>;
  primaryType: string;
  message: Record<string, unknown>;
}

export interface OrderToSign {
  order: Hex;
  hash: Hex;
  typedData: TypedData;
  summary: { lockUnits: string; feeTicks: string; nonce: number; validUntil: number; cancelsOwn: number[] };
}

export interface Receipt {
  hash: Hex;
  sequence: number;
  acceptedAt: number;
  signer: Address;
  signature: Hex;
}

export interface Accepted {
  hash: Hex;
  state: string;
  receipt: Receipt;
}

export type OrderState =
  | "accepted"
  | "sent"
  | "resting"
  | "filled"
  | "cancelled"
  | "dropped"
  | "skipped"
  | "failed";

export interface Order {
  hash: Hex;
  account: number;
  market: number;
  side: Side;
  kind: Kind;
  limitTicks: string;
  energyWh: string;
  validUntil: number;
  state: OrderState;
  ref: number | null;
  /** The limit, without the fee: at which it stands in the book. */
  bookPriceTicks: string;
  filledWh: string;
  restWh: string;
  averagePriceTicks: string | null;
  sequence: number | null;
  acceptedAt: number | null;
  placedAt: number | null;
  cancelReason: string | null;
  error: { code: string; detail: string } | null;
}

export interface CancelToSign {
  cancel: { account: number; market: number; ref: number; validUntil: number };
  hash: Hex;
  typedData: TypedData;
}

export interface SessionToSign {
  session: Record<string, unknown>;
  typedData: TypedData;
}

export interface Session {
  token: string;
  address: Address;
  accounts: number[];
  expiresAt: number;
}

export interface PermitToSign {
  typedData: TypedData;
  deadline: number;
  amountTokens: string;
}

export interface UnsignedTransaction {
  to: Address;
  data: Hex;
  value: Hex;
  chainId: number;
  from: Address;
  description: string;
}
