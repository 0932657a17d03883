// SPDX-License-Identifier: MIT
/** What only the owner of an account may read. */
import type { Address } from "viem";

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
  debtLimitUnits: string;
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
  /** What a correction still brings, once it is settled. */
  unsettledUnits: string | null;
  savedUnits: string | null;
  certificatesWh: string | null;
}

/** A period; or a residual, energy of several that was known too late for corrections. */
export interface StatementRow extends StatementAmounts {
  kind: "period" | "residual";
  period: number;
  startsAt: number;
  state: "traded" | "metered" | "settled" | "corrected";
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

export interface HeldCertificate {
  market: number;
  area: number;
  period: number;
  heldWh: string;
  /** What the account took from the grid then and hasn't covered yet. */
  retirableWh: string;
}

export interface Reading {
  point: number;
  period: number;
  startsAt: number;
  importWh: string;
  exportWh: string;
  disputed: boolean;
}

export type DisputeState = "open" | "upheld" | "rejected" | "expired";

/** A reading's registers at the period's end, and on what terms they can be disputed. */
export interface Disputable {
  point: number;
  period: number;
  state: DisputeState | "none";
  disputable: boolean;
  importRegisterWh: string | null;
  exportRegisterWh: string | null;
  bondUnits: string;
  disputableUntil: number;
  decidableUntil: number;
}

export interface DisputeStep {
  point: number;
  period: number;
  state: DisputeState;
  at: number;
}
