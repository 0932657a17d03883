// SPDX-License-Identifier: MIT
/** What everybody may read: no account is named anywhere. */
import type { Token } from "../token.ts";
import type { Address, Hex } from "viem";

export type Side = "bid" | "offer";
export type Kind = "limit" | "immediateOrCancel" | "fillOrKill" | "postOnly";
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
  correctionsUntil: number;
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
  token: Token & { address: Address; symbol: string };
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
