// SPDX-License-Identifier: MIT
/** An order's way from the form to the relay, and a cancellation's: prepare, check, sign, send, follow. */
import type { Hex } from "viem";
import { checkCancel, checkOrder, receiptIsGenuine } from "../checks.ts";
import { api, deployment, wallet } from "../state.ts";
import { tell } from "../topics.ts";
import type { Deployment, Market, Order, OrderToSign, Receipt } from "../types.ts";
import { ensureChain } from "../wallet/actions.ts";
import { type ConnectedWallet, sign } from "../wallet/connection.ts";
import type { Draft, Plan } from "./plan.ts";
import { remember } from "./placed.ts";

export interface Placed {
  order: OrderToSign;
  receipt: Receipt;
  /** Whether the receipt's signature is the relay's. */
  genuine: boolean;
}

export interface Steps {
  /** Shown while it goes on. */
  say(step: string): void;
  /** The order would cancel that many own orders of the other side: does the person want that? */
  mayCancelOwn(orders: number): Promise<boolean>;
}

/** Null when the person changed their mind. Throws Problem, Away, Mismatch, Rejected or the wallet's error. */
export async function placeOrder(
  account: number,
  market: Market,
  draft: Draft,
  plan: Plan,
  steps: Steps,
): Promise<Placed | null> {
  const [connected, known] = await ready();
  steps.say("Preparing your order\u2026");
  const prepared = await api.orderToSign({
    account,
    market: market.market,
    side: draft.side,
    kind: draft.immediate ? "immediateOrCancel" : "limit",
    energyWh: plan.energyWh.toString(),
    priceTicks: plan.limitTicks.toString(),
    validUntil: null,
  });
  checkOrder(prepared, expectation(account, market, draft, plan), known);
  const own = prepared.summary.cancelsOwn.length;
  if (own && !(await steps.mayCancelOwn(own))) return null;
  steps.say("Please sign in your wallet\u2026");
  const signature = await sign(connected, prepared.typedData);
  steps.say("Sending\u2026");
  const { receipt } = await api.sendOrder(prepared.order, signature);
  remember(account, receipt.hash);
  tell("orders", "account");
  return { order: prepared, receipt, genuine: await receiptIsGenuine(receipt, known) };
}

function expectation(account: number, market: Market, draft: Draft, plan: Plan) {
  return {
    account,
    market: market.market,
    isOffer: draft.side === "offer",
    immediate: draft.immediate,
    limitTicks: plan.limitTicks,
    energyWh: plan.energyWh,
    feeTicks: plan.feeTicks,
    gateAt: market.gateAt,
  };
}

/** Signs and sends the cancellation of what is left of a resting order; answers its hash. */
export async function cancelOrder(order: Order, ref: number): Promise<Hex> {
  const [connected, known] = await ready();
  const { account, market } = order;
  const prepared = await api.cancelToSign(account, market, ref);
  checkCancel(prepared, { account, market, ref }, known);
  const signature = await sign(connected, prepared.typedData);
  const { hash } = await api.sendCancel(prepared.cancel, signature);
  tell("orders", "account");
  return hash;
}

async function ready(): Promise<[ConnectedWallet, Deployment]> {
  await ensureChain();
  const [connected, known] = [wallet.get(), deployment.get()];
  if (!connected || !known) throw new Error("Please connect your wallet first.");
  return [connected, known];
}
