// SPDX-License-Identifier: MIT
/** What became of the order just placed: the relay's receipt, then its state until it rests or is filled. */
import { useData } from "../data.ts";
import { Energy, Price } from "../frame/Amount.tsx";
import { Hint } from "../frame/Hint.tsx";
import { Time } from "../frame/Parts.tsx";
import { api } from "../state.ts";
import type { Placed } from "./placing.ts";
import { ownAverage, stateName } from "./states.ts";

export function Progress({ placed }: { placed: Placed }) {
  const { receipt, genuine } = placed;
  const order = useData(receipt.hash, ["orders", "block"], () => api.order(receipt.hash)).value;
  const refused = order?.error ?? null;
  return (
    <div class={refused ? "progress refused" : "progress"} data-testid="progress" role="status">
      <p>
        <strong data-testid="order-state" data-state={order?.state ?? "accepted"}>
          Your order is {order ? stateName(order) : "accepted, in the queue"}.
        </strong>
        {order && BigInt(order.filledWh) > 0n && (
          <>
            {" "}
            <Energy wh={order.filledWh} /> at <Price ticks={ownAverage(order)} /> on average.
          </>
        )}
      </p>
      {refused && <p>{refused.detail}</p>}
      <details>
        <summary>
          <Hint of="receipt">Receipt</Hint> no. {receipt.sequence}, <Time at={receipt.acceptedAt} />
          {!genuine && " \u2013 not signed by the relay\u2019s key!"}
        </summary>
        <dl class="receipt">
          <dt>Order</dt>
          <dd class="mono">{receipt.hash}</dd>
          <dt>Signed by {genuine ? "the relay" : "an unknown key"}</dt>
          <dd class="mono">{receipt.signer}</dd>
          <dt>Signature</dt>
          <dd class="mono">{receipt.signature}</dd>
        </dl>
      </details>
    </div>
  );
}
