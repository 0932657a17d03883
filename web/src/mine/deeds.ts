// SPDX-License-Identifier: MIT
/** What an owner does about readings and certificates. */
import { KWH_DECIMALS, plainDecimal } from "../units.ts";
import { type Say, transact } from "./transacting.ts";

export interface Claim {
  account: number;
  point: number;
  period: number;
  /** Registers at the period's end, Wh. */
  importWh: bigint;
  exportWh: bigint;
}

/** Disputes the registers of one's own point; the bond is set aside. */
export async function fileDispute({ account, point, period, importWh, exportWh }: Claim, say: Say): Promise<void> {
  const registers = { importRegisterKwh: kwh(importWh), exportRegisterKwh: kwh(exportWh) };
  await transact("file-dispute", { account, point, period, ...registers }, { fileDispute: [point, period, importWh, exportWh] }, say);
}

/** Uses certificates up against what the account took from the grid. */
export async function retire(account: number, market: number, energyWh: bigint, say: Say): Promise<void> {
  await transact("retire-certificates", { account, market, energyKwh: kwh(energyWh) }, { retire: [account, market, energyWh] }, say);
}

const kwh = (wh: bigint) => plainDecimal(wh, KWH_DECIMALS);
