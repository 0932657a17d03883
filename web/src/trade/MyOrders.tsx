// SPDX-License-Identifier: MIT
/** The account's orders: live ones can be cancelled. Without a session, those placed from this tab. */
import type { Hex } from "viem";
import { useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { useData } from "../data.ts";
import { Energy, Price } from "../frame/Amount.tsx";
import { Card, Empty, Failure } from "../frame/Parts.tsx";
import { marketParts } from "../ids.ts";
import { api, choose, deployment, wallet } from "../state.ts";
import { dayName, spanName } from "../time.ts";
import type { Order } from "../types.ts";
import { useMembership, useSignedIn } from "../views.ts";
import { Rejected } from "../wallet/errors.ts";
import { cancelOrder } from "./placing.ts";
import { placedHashes } from "./placed.ts";
import { isLive, ownAverage, stateName } from "./states.ts";

const RECENT = 5;

export function MyOrders() {
  const connected = useCell(wallet);
  const membership = useMembership();
  const signedIn = useSignedIn();
  const hashes = useCell(placedHashes)[membership?.account ?? -1] ?? [];
  const key = !membership ? null : signedIn ? `own:${membership.account}` : `hashes:${hashes.join()}`;
  const topics = signedIn ? ["orders"] : ["orders", "block"];
  const orders = useData(key, topics, () => readOrders(signedIn?.account ?? null, hashes));
  if (!connected || !membership) return null;
  const live = orders.value?.filter(isLive) ?? [];
  const ended = orders.value?.filter((order) => !isLive(order)).slice(0, RECENT) ?? [];
  return (
    <Card id="orders" title="My orders" aside={live.length ? `${live.length} open` : null}>
      <Failure>{orders.error}</Failure>
      {orders.value && !orders.value.length && <Empty>No orders yet.</Empty>}
      <ul class="orders" aria-live="polite">
        {live.map((order) => <OrderRow key={order.hash} order={order} />)}
      </ul>
      {ended.length > 0 && (
        <details data-testid="ended-orders">
          <summary>Ended</summary>
          <ul class="orders">{ended.map((order) => <OrderRow key={order.hash} order={order} />)}</ul>
        </details>
      )}
    </Card>
  );
}

async function readOrders(account: number | null, hashes: readonly Hex[]): Promise<Order[]> {
  if (account !== null) return (await api.orders(account, {})).items;
  return Promise.all(hashes.map((hash) => api.order(hash)));
}

function OrderRow({ order }: { order: Order }) {
  const known = useCell(deployment);
  const seconds = known?.calendar.periodSeconds ?? 0;
  const startsAt = marketParts(order.market).period * seconds;
  const buys = order.side === "bid";
  return (
    <li class={`order ${order.side}`} data-testid="order" data-state={order.state} data-hash={order.hash}>
      <div>
        <button type="button" class="link" onClick={() => choose(order.market)}>
          {dayName(startsAt)}, {spanName(startsAt, startsAt + seconds)}
        </button>
        <p>
          {buys ? "Buy" : "Sell"} <Energy wh={order.energyWh} /> at {buys ? "most" : "least"} <Price ticks={order.limitTicks} />
        </p>
        <p class="quiet">
          {stateName(order)}
          {BigInt(order.filledWh) > 0n && (
            <>
              {": "}
              <Energy wh={order.filledWh} /> at <Price ticks={ownAverage(order)} />
            </>
          )}
        </p>
        {order.error && <p class="problem">{order.error.detail}</p>}
      </div>
      {order.state === "resting" && order.ref !== null && <CancelButton order={order} at={order.ref} />}
    </li>
  );
}

function CancelButton({ order, at }: { order: Order; at: number }) {
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState<Hex | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const outcome = useData(sent, ["block", "orders"], () => api.cancelState(sent as Hex)).value;
  const refused = outcome?.error ?? null;
  const cancel = async () => {
    setBusy(true);
    setFailure(null);
    setSent(null);
    try {
      setSent(await cancelOrder(order, at));
    } catch (error) {
      if (!(error instanceof Rejected)) setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const waiting = sent !== null && !refused;
  return (
    <div class="cancel">
      <button type="button" class="small" data-testid="cancel" disabled={busy || waiting} onClick={() => void cancel()}>
        {busy ? "Sign\u2026" : waiting ? "Cancelling\u2026" : "Cancel"}
      </button>
      <Failure>{failure ?? refused?.detail}</Failure>
    </div>
  );
}
