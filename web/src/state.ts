// SPDX-License-Identifier: MIT
/** What the whole page knows: deployment, connection, wallet, membership, session, and what is being looked at. */
import { Api } from "./api.ts";
import { Cell } from "./cell.ts";
import type { StreamState } from "./stream.ts";
import { EVERYTHING, tell } from "./topics.ts";
import type { Deployment, Health, Market, Membership, Session } from "./types.ts";
import type { ConnectedWallet } from "./wallet/connection.ts";

const SESSION_KEY = "wattbook.session";

export const deployment = new Cell<Deployment | null>(null);
export const health = new Cell<Health | null>(null);
export const apiAway = new Cell(false);
export const streamState = new Cell<StreamState>("connecting");

export const wallet = new Cell<ConnectedWallet | null>(null);
/** The wallet owner's accounts; null until read. */
export const memberships = new Cell<Membership[] | null>(null);
export const session = new Cell<Session | null>(storedSession());

export const markets = new Cell<Market[] | null>(null);
/** The market that the page shows; `pinned` once the reader chose it or wrote into the form. */
export const selection = new Cell<{ market: number; pinned: boolean } | null>(null);
/** Any second of the local day that charts and statement show; null: today by the community's clock. */
export const chosenDay = new Cell<number | null>(null);

export const api = new Api({
  token: () => session.get()?.token ?? null,
  reached: (answered) => {
    const was = apiAway.get();
    apiAway.set(!answered);
    if (was && answered) tell(EVERYTHING);
  },
  sessionEnded: () => keepSession(null),
});

export function keepSession(opened: Session | null): void {
  if (opened) sessionStorage.setItem(SESSION_KEY, JSON.stringify(opened));
  else sessionStorage.removeItem(SESSION_KEY);
  session.set(opened);
}

function storedSession(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(SESSION_KEY) ?? "null") as Session | null;
  } catch {
    return null;
  }
}

export function choose(market: number): void {
  selection.set({ market, pinned: true });
}

/** From now on the selection doesn't move on by itself. */
export function pin(): void {
  const current = selection.get();
  if (current && !current.pinned) selection.set({ ...current, pinned: true });
}
