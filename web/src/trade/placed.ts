// SPDX-License-Identifier: MIT
/** Orders placed from this browser tab: without a session, only their hashes lead back to them. */
import type { Hex } from "viem";
import { Cell } from "../cell.ts";

const KEY = "wattbook.orders";
const KEPT = 30;

type PlacedHashes = Record<string, Hex[]>;

export const placedHashes = new Cell<PlacedHashes>(stored());

export function remember(account: number, hash: Hex): void {
  const known = placedHashes.get();
  const own = [hash, ...(known[account] ?? []).filter((other) => other !== hash)].slice(0, KEPT);
  placedHashes.set({ ...known, [account]: own });
  sessionStorage.setItem(KEY, JSON.stringify(placedHashes.get()));
}

function stored(): PlacedHashes {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? "{}") ?? {}) as PlacedHashes;
  } catch {
    return {};
  }
}
