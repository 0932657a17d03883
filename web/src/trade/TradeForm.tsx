// SPDX-License-Identifier: MIT
/** Buy or sell in the selected period: what it would mean, and the way to a signed order. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { chainNow } from "../chainclock.ts";
import { useCell } from "../cell.ts";
import { Hint } from "../frame/Hint.tsx";
import { Card, Failure } from "../frame/Parts.tsx";
import { deployment, pin, wallet } from "../state.ts";
import { countdown, spanName } from "../time.ts";
import type { Depth, Deployment, Market } from "../types.ts";
import { useMembership } from "../views.ts";
import { closedReason, type Draft, judge, suggestedPrice } from "./plan.ts";
import { Preview } from "./Preview.tsx";
import { Progress } from "./Progress.tsx";
import { Field, SideSwitch, WaySwitch } from "./fields.tsx";
import { type Prefill, prefill } from "./prefill.ts";
import { usePlacing } from "./usePlacing.ts";

const FIRST: Draft = { side: "bid", energy: "0.5", price: "", immediate: false };

export function TradeForm({ market, depth }: { market: Market; depth: Depth | null }) {
  const known = useCell(deployment);
  const [draft, setDraft] = useState<Draft>(FIRST);
  const [touched, setTouched] = useState(false);
  const taken = useCell(prefill);
  useEffect(() => {
    if (!taken) return;
    setDraft(fromLevel(taken));
    setTouched(true);
  }, [taken]);
  if (!known) return null;
  const shown = { ...draft, price: draft.price || (touched ? "" : suggestedPrice(market, draft.side, draft.immediate)) };
  const change = (part: Partial<Draft>) => {
    pin();
    const fresh = part.side !== undefined || part.immediate !== undefined;
    setTouched(!fresh);
    setDraft({ ...shown, ...(fresh ? { price: "" } : {}), ...part });
  };
  return <Form market={market} depth={depth} known={known} draft={shown} change={change} />;
}

interface FormProps {
  market: Market;
  depth: Depth | null;
  known: Deployment;
  draft: Draft;
  change(part: Partial<Draft>): void;
}

function Form({ market, depth, known, draft, change }: FormProps) {
  const now = useCell(chainNow);
  const [asked, setAsked] = useState(false);
  const placing = usePlacing();
  const obstacle = useObstacle(draft);
  const closed = closedReason(market, known.calendar, now);
  const judged = useMemo(() => judge(draft, market, depth, limitsOf(known)), [draft.side, draft.energy, draft.price, draft.immediate, market, depth, known]);
  const problems = asked || draft.energy || draft.price ? (judged.problems ?? {}) : {};
  const buys = draft.side === "bid";
  const submit = (event: Event) => {
    event.preventDefault();
    setAsked(true);
    if (judged.plan && obstacle?.account !== undefined) void placing.place(obstacle.account, market, draft, judged.plan);
  };
  return (
    <Card id="trade" title="Buy or sell" aside={<Hint of="period">{spanName(market.startsAt, market.endsAt)}</Hint>}>
      <form onSubmit={submit} noValidate onFocusCapture={pin}>
        <SideSwitch side={draft.side} change={(side) => change({ side })} />
        <Field id="energy" label="How much" unit="kWh" value={draft.energy} problem={problems.energy} change={(energy) => change({ energy })} />
        <WaySwitch buys={buys} immediate={draft.immediate} change={(immediate) => change({ immediate })} />
        <Field
          id="price"
          label={<Hint of="limit">{buys ? "Pay at most" : "Get at least"}</Hint>}
          name={buys ? "Pay at most" : "Get at least"}
          unit="ct per kWh"
          value={draft.price}
          problem={problems.price}
          change={(price) => change({ price })}
        />
        {judged.plan && <Preview plan={judged.plan} draft={draft} />}
        {closed ? (
          <p class="note" data-testid="closed">{closed}</p>
        ) : (
          <p class="quiet">
            <Hint of="gate">Trading ends</Hint> in {countdown(market.gateAt, now)}.
          </p>
        )}
        {obstacle?.reason && <p class="note" data-testid="obstacle">{obstacle.reason}</p>}
        <button class={`primary wide ${draft.side}`} data-testid="place" disabled={placing.busy || closed !== null || obstacle?.account === undefined}>
          {placing.step ?? (buys ? "Sign and buy" : "Sign and sell")}
        </button>
        {placing.question && (
          <div class="note" role="alertdialog" aria-label="Cancel your own orders?" data-testid="own-orders">
            <p>
              This cancels {placing.question.orders === 1 ? "one order of your own" : `${placing.question.orders} orders of your own`} on
              the other side: nobody trades with themselves.
            </p>
            <div class="row">
              <button type="button" onClick={() => placing.question?.answer(true)}>Go on</button>
              <button type="button" class="plain" onClick={() => placing.question?.answer(false)}>Leave it</button>
            </div>
          </div>
        )}
        <Failure>{placing.failure}</Failure>
        {placing.placed && <Progress placed={placing.placed} />}
      </form>
    </Card>
  );
}

/** The account that trades, or what is still missing for it. */
function useObstacle({ side }: Draft): { account?: number; reason?: string } | null {
  const connected = useCell(wallet);
  const membership = useMembership();
  if (!connected) return { reason: "Connect your wallet to trade." };
  if (!membership) return { reason: "Your wallet\u2019s address isn\u2019t a member of this community. Its operator admits members." };
  const may = side === "bid" ? membership.buyer : membership.seller;
  if (!may) return { reason: `Your account isn\u2019t admitted to ${side === "bid" ? "buy" : "sell"}.` };
  return { account: membership.account };
}

function limitsOf(known: Deployment) {
  return {
    minEnergyWh: BigInt(known.minEnergyWh),
    maxEnergyWh: BigInt(known.maxEnergyWh),
    maxPriceTicks: BigInt(known.maxPriceTicks),
  };
}

function fromLevel({ side, energy, price }: Prefill): Draft {
  return { side, energy, price, immediate: false };
}
