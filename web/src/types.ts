// SPDX-License-Identifier: MIT
/** What the API answers. Amounts are texts: integer base units and decimals; ids and times are numbers. */
import type { Address, Hex } from "viem";

export type Side = "bid" | "offer";
export type Kind = "limit" | "immediateOrCancel";
export type MarketState = "upcoming" | "open" | "gateClosed" | "delivering" | "metering" | "settled" | "void";

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Health {
  ok: boolean;
  chain: { reachable: boolean; head: number | null };
  indexer: { block: number | null; lagBlocks: number | null };
  relay: { alive: boolean; waiting: number };
  now: number;
}

export interface Calendar {
  periodSeconds: number;
  opensBefore: number;
  gateBefore: number;
  finalAfter: number;
}

export interface DemoAccount {
  name: string;
  address: Address;
  account: number;
  role: string;
  privateKey?: Hex | null;
}

export interface Deployment {
  name: string;
  chain: { chainId: number; name: string; rpcUrl: string; currencyName: string; currencySymbol: string };
  calendar: Calendar;
  contracts: Record<"OrderBook" | "PaymentVault", Address> & Record<string, Address>;
  token: { address: Address; symbol: string; decimals: number; cashUnitsPerTokenUnit: number };
  areas: { area: number; carriers: number[] }[];
  now: number;
  receiptSigner: Address | null;
  minEnergyWh: string;
  maxEnergyWh: string;
  maxPriceTicks: string;
  demo: { isDemo: boolean; note: string; accounts: DemoAccount[] } | null;
}

export interface Market {
  market: number;
  area: number;
  carrier: number;
  period: number;
  state: MarketState;
  halted: boolean;
  opensAt: number;
  gateAt: number;
  startsAt: number;
  endsAt: number;
  finalAt: number;
  retailTicks: string;
  feedInTicks: string;
  levyBuyTicks: string;
  levySellTicks: string;
  bestBidTicks: string | null;
  bestOfferTicks: string | null;
  lastPriceTicks: string | null;
  averagePriceTicks: string | null;
  volumeWh: string;
  trades: number;
}

export interface Level {
  priceTicks: string;
  energyWh: string;
  orders: number;
}

export interface Depth {
  market: number;
  block: number;
  bids: Level[];
  offers: Level[];
}

export interface Trade {
  trade: string;
  priceTicks: string;
  energyWh: string;
  takerSide: Side;
  at: number;
}

export interface DayPrice {
  market: number;
  period: number;
  startsAt: number;
  volumeWh: string;
  volumeKwh: string;
  trades: number;
  averagePriceTicks: string | null;
  lowTicks: string | null;
  highTicks: string | null;
  retailTicks: string;
  feedInTicks: string;
}

export interface CommunityPeriod {
  period: number;
  startsAt: number;
  members: number | null;
  importWh: string | null;
  exportWh: string | null;
  tradedWh: string | null;
}

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

export interface Membership {
  account: number;
  area: number;
  owner: Address;
  buyer: boolean;
  seller: boolean;
}

export interface Account extends Membership {
  revoked: boolean;
  balanceUnits: string;
  withdrawableUnits: string;
  lockedUnits: string;
  debtUnits: string;
  walletTokens: string;
  allowanceTokens: string;
  points: number[];
}

export interface MoneyMove {
  kind: string;
  amountUnits: string;
  period: number | null;
  at: number;
}

export interface EnergyPeriod {
  period: number;
  startsAt: number;
  importWh: string | null;
  exportWh: string | null;
  boughtWh: string | null;
  soldWh: string | null;
  final: boolean;
}

export interface StatementAmounts {
  importWh: string | null;
  exportWh: string | null;
  boughtWh: string | null;
  soldWh: string | null;
  imbalanceWh: string | null;
  paidUnits: string | null;
  receivedUnits: string | null;
  imbalanceUnits: string | null;
  cashUnits: string | null;
  savedUnits: string | null;
  certificatesWh: string | null;
}

export interface StatementRow extends StatementAmounts {
  period: number;
  startsAt: number;
  state: "traded" | "metered" | "settled";
}

export interface Statement {
  rows: StatementRow[];
  totals: StatementAmounts;
}

export interface Certificate {
  market: number;
  period: number;
  energyWh: string;
  at: number;
}
