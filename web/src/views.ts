// SPDX-License-Identifier: MIT
/** Small questions about the page's state that several parts ask. */
import { chainNow } from "./chainclock.ts";
import { Cell, useCell } from "./cell.ts";
import { chosenDay, deployment, markets, memberships, selection, session, wallet } from "./state.ts";
import { localDay } from "./time.ts";
import type { Market, MarketState, Membership, Session } from "./types.ts";

/** The account that the reader chose, of those the wallet's address owns; null: the first. */
export const chosenAccount = new Cell<number | null>(null);
export const chosenCarrier = new Cell(0);

export function myMembership(): Membership | null {
  const owned = memberships.get() ?? [];
  return owned.find(({ account }) => account === chosenAccount.get()) ?? owned[0] ?? null;
}

export function myAccount(): number | null {
  return myMembership()?.account ?? session.get()?.accounts[0] ?? null;
}

/** The area and carrier that the page shows: the member's own area, else the first. */
export function place(): { area: number; carrier: number } {
  const areas = deployment.get()?.areas ?? [];
  const own = myMembership()?.area;
  const shown = areas.find(({ area }) => area === own) ?? areas[0];
  const carriers = shown?.carriers ?? [0];
  const carrier = carriers.includes(chosenCarrier.get()) ? chosenCarrier.get() : (carriers[0] ?? 0);
  return { area: shown?.area ?? 0, carrier };
}

export function usePlace(): { area: number; carrier: number } {
  useCell(deployment);
  useCell(memberships);
  useCell(chosenAccount);
  useCell(chosenCarrier);
  return place();
}

export function useMembership(): Membership | null {
  useCell(memberships);
  useCell(chosenAccount);
  return myMembership();
}

/** The account whose private data may be read now, with its session. */
export function useSignedIn(): { account: number; session: Session } | null {
  const opened = useCell(session);
  const connected = useCell(wallet);
  const membership = useMembership();
  if (!opened || !connected || !membership) return null;
  return opened.accounts.includes(membership.account) ? { account: membership.account, session: opened } : null;
}

/** A market's state by the clock, which moves on between two answers of the API. */
export function stateAt(market: Market, now: number): MarketState {
  if (market.state === "settled" || market.state === "void") return market.state;
  if (now < market.opensAt) return "upcoming";
  if (now < market.gateAt) return "open";
  if (now < market.startsAt) return "gateClosed";
  return now < market.endsAt ? "delivering" : "metering";
}

/** The selected market, while it is among those at hand. */
export function useSelected(): Market | null {
  const chosen = useCell(selection);
  return useCell(markets)?.find(({ market }) => market === chosen?.market) ?? null;
}

/** The local day that charts and statement show; changes only when the day does. */
export function useDay(): { from: number; to: number } {
  const chosen = useCell(chosenDay);
  const now = useCell(chainNow);
  return localDay(chosen ?? now);
}

/** Length of a delivery period. */
export function usePeriodSeconds(): number {
  return useCell(deployment)?.calendar.periodSeconds ?? 900;
}

/** The delivery periods that start on the chosen day, both ends included. */
export function usePeriodsOfDay(): { from: number; to: number } {
  const day = useDay();
  const seconds = usePeriodSeconds();
  return { from: Math.ceil(day.from / seconds), to: Math.ceil(day.to / seconds) - 1 };
}
