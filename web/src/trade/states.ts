// SPDX-License-Identifier: MIT
/** An order's state in plain words. */
import type { Order, OrderState } from "../types.ts";

const LIVE: readonly OrderState[] = ["accepted", "sent", "resting"];

export function isLive(order: Order): boolean {
  return LIVE.includes(order.state);
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
