// SPDX-License-Identifier: MIT
/** Keeps the page true: deployment, clock, markets and the event stream, each tried again until it works. */
import { Away } from "./api.ts";
import { chainNow, heard, tick } from "./chainclock.ts";
import { api, apiAway, deployment, health, keepSession, markets, memberships, selection, session, streamState } from "./state.ts";
import { follow, type StreamEvent } from "./stream.ts";
import { EVERYTHING, listen, tell } from "./topics.ts";
import type { Deployment, Market, Session } from "./types.ts";
import { myAccount, place, stateAt } from "./views.ts";

const HEALTH_MS = 5_000;
/** A market this close to its gate isn't offered by itself: nobody could finish the form. */
const TIME_TO_WRITE = 60;

/** The deployment hardly ever changes: a demo still admits its members, a community gets another area. */
const DEPLOYMENT_MS = 30_000;

/** Starts everything; the page lives as long as it does. */
export function start(): void {
  setInterval(tick, 1_000);
  void every(HEALTH_MS, checkHealth);
  void followDeployment();
}

async function followDeployment(): Promise<never> {
  while (!deployment.get()) {
    await readDeployment().catch(() => undefined);
    if (!deployment.get()) await wait(HEALTH_MS / 2);
  }
  followMarkets();
  followEvents();
  for (;;) {
    await wait(isComplete(deployment.get()) ? DEPLOYMENT_MS : HEALTH_MS);
    await readDeployment().catch(() => undefined);
  }
}

async function readDeployment(): Promise<void> {
  const before = deployment.get();
  const known = await api.deployment();
  heard(known.now);
  // A page that outlives its chain (a demo started anew) begins again, as do its signatures.
  if (before && before.contracts.OrderBook !== known.contracts.OrderBook) location.reload();
  if (signature(before) !== signature(known)) deployment.set(known);
  if (before && signature(before) !== signature(known)) tell(EVERYTHING);
}

function isComplete(known: Deployment | null): boolean {
  return Boolean(known?.areas.length && (!known.demo || known.demo.accounts.length));
}

function signature(known: Deployment | null): string {
  return JSON.stringify({ ...known, now: 0 });
}

async function checkHealth(): Promise<void> {
  const answer = await api.health();
  health.set(answer);
  heard(answer.now);
}

/** One stream for the area's public events and, once signed in, the account's own. */
function followEvents(): void {
  let stop = () => {};
  let wanted = "";
  const open = () => {
    const opened = session.get();
    const url = streamUrl(opened);
    if (wanted === `${url} ${opened?.token}`) return;
    wanted = `${url} ${opened?.token}`;
    stop();
    stop = follow({
      url,
      token: opened?.token ?? null,
      onEvent: take,
      onState: (state) => {
        const before = streamState.get();
        streamState.set(state);
        // What happened while the stream was away and its place in it was not known yet.
        if (state === "live" && before === "away") tell(EVERYTHING);
      },
      onRefused: () => keepSession(null),
    });
  };
  session.subscribe(open);
  memberships.subscribe(open);
  open();
}

function streamUrl(opened: Session | null): string {
  const query = new URLSearchParams();
  const account = myAccount();
  const { area } = place();
  query.set("area", String(area));
  if (opened && account !== null && opened.accounts.includes(account)) query.set("account", String(account));
  return `/v1/stream?${query.toString()}`;
}

/** Which views an event concerns. */
function take({ kind, data }: StreamEvent): void {
  const market = `market:${String(data["market"])}`;
  if (kind === "block") {
    heard(Number(data["at"]));
    return tell("block");
  }
  if (kind === "reorganised") return tell(EVERYTHING);
  if (kind === "market") return tell("markets", market);
  if (kind === "trade") return tell("markets", "day", market);
  if (kind === "halt" || kind === "void") return tell("markets", market);
  if (kind === "settled") return tell("markets", "day", "settled");
  tellOwn(kind);
}

function tellOwn(kind: string): void {
  if (kind === "order" || kind === "cancel" || kind === "skipped") return tell("orders", "account");
  if (kind === "fill") return tell("orders", "account", "energy", "statement");
  if (kind === "reading") return tell("energy", "statement");
  if (kind === "settlement") return tell("account", "money", "statement");
  if (kind === "money") return tell("account", "money");
  if (kind === "dispute") return tell("disputes", "energy", "account");
  if (kind === "certificates") return tell("certificates", "statement");
}

/** The tradable periods, read again when one opens or closes and when the book moves. */
function followMarkets(): void {
  let reading = false;
  let again = false;
  const read = async () => {
    if (reading) return void (again = true);
    reading = true;
    do {
      again = false;
      await readMarkets().catch(() => undefined);
      await wait(500);
    } while (again);
    reading = false;
  };
  let instant = "";
  const onTime = () => {
    const current = changes(deployment.get(), chainNow.get());
    if (current !== instant) void read();
    instant = current;
    if (!selection.get()?.pinned) moveOn(markets.get());
  };
  listen(["markets"], () => void read());
  chainNow.subscribe(onTime);
  onTime();
}

async function readMarkets(): Promise<void> {
  const items = await api.markets({ ...place() });
  markets.set(items);
  moveOn(items);
}

/** Changes whenever some period opens, closes, starts or ends. */
function changes(known: Deployment | null, now: number): string {
  if (!known) return "";
  const { periodSeconds, gateBefore, opensBefore } = known.calendar;
  return [now, now + gateBefore, now + opensBefore].map((at) => Math.floor(at / periodSeconds)).join();
}

/** As long as the reader hasn't chosen, the page shows the next period that leaves time to write an order. */
function moveOn(items: Market[] | null): void {
  const current = selection.get();
  if (!items?.length || current?.pinned) return;
  const now = chainNow.get();
  const open = items.filter((market) => stateAt(market, now) === "open");
  const next = open.find((market) => market.gateAt - now >= TIME_TO_WRITE) ?? open.at(-1) ?? items[0];
  if (next && next.market !== current?.market) selection.set({ market: next.market, pinned: false });
}

async function every(pause: number, task: () => Promise<void>): Promise<never> {
  for (;;) {
    await task().catch((error: unknown) => {
      if (error instanceof Away) streamState.set("away");
    });
    await wait(apiAway.get() ? pause / 2 : pause);
  }
}

const wait = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
