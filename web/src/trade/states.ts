// SPDX-License-Identifier: MIT
/** An order's state in plain words, and its price as its owner counts it. */
import type { Order, OrderState } from "../types.ts";

const LIVE: readonly OrderState[] = ["accepted", "sent", "resting"];

export function isLive(order: Order): boolean {
  return LIVE.includes(order.state);
}

/** The average price of what traded, with the owner's fee: what a kWh cost or brought. */
export function ownAverage(order: Order): bigint | null {
  if (order.averagePriceTicks === null) return null;
  // A bid's fee lies above the book's price, an offer's below it: the limit has it already.
  return BigInt(order.averagePriceTicks) + BigInt(order.limitTicks) - BigInt(order.bookPriceTicks);
}

const REASONS: Record<string, string> = {
  owner: "cancelled by you",
  ownOpposite: "cancelled by your own order on the other side",
  gateClosed: "trading ended before all of it was matched",
  notAdmitted: "cancelled: the account is suspended",
};

export function stateName(order: Order): string {
  const partly = BigInt(order.filledWh) > 0n;
  switch (order.state) {
    case "accepted":
      return "accepted, in the queue";
    case "sent":
      return "on its way to the market";
    case "resting":
      return partly ? "partly traded, the rest waits" : "waiting for a match";
    case "filled":
      return "traded in full";
    case "cancelled":
      return (REASONS[order.cancelReason ?? ""] ?? "cancelled") + (partly ? ", partly traded" : "");
    case "dropped":
      return partly ? "partly traded, the rest dropped" : "found no match";
    case "skipped":
    case "failed":
      return "refused";
  }
}
