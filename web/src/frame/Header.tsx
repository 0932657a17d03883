// SPDX-License-Identifier: MIT
/** The page's head: community, its clock, the connection, the wallet. */
import { chainNow } from "../chainclock.ts";
import { useCell } from "../cell.ts";
import { apiAway, deployment, health, streamState } from "../state.ts";
import { clockSeconds, dayName, offsetName, utcHint } from "../time.ts";
import { WalletButton } from "./WalletButton.tsx";

export function Header() {
  const known = useCell(deployment);
  return (
    <header class="top">
      <a class="brand" href="#page">
        <Logo />
        <span>
          <strong>Wattbook</strong>
          <span class="community" data-testid="community">{known ? titled(known.name) : "\u2026"}</span>
        </span>
      </a>
      <div class="status">
        <ChainClock />
        <Connection />
      </div>
      <WalletButton />
    </header>
  );
}

function ChainClock() {
  const now = useCell(chainNow);
  if (!now) return null;
  return (
    <time class="clock" dateTime={new Date(now * 1000).toISOString()} title={`${utcHint(now)}; shown in your time (${offsetName(now)})`} data-testid="clock" data-now={now}>
      <span class="clock-day">{dayName(now)}</span> {clockSeconds(now)}
    </time>
  );
}

function Connection() {
  const away = useCell(apiAway);
  const stream = useCell(streamState);
  const ill = useCell(health)?.ok === false;
  const state = away ? "away" : ill ? "behind" : stream;
  const words = { live: "live", connecting: "connecting", away: "no connection", behind: "delayed" }[state];
  return (
    <span class={`connection ${state}`} data-testid="connection" data-state={state} role="status">
      <i aria-hidden="true" /> {words}
    </span>
  );
}

/** "north-street" → "North street" */
function titled(name: string): string {
  const words = name.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="34" height="34" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path d="M18 4 8 18h7l-2 10 11-15h-7z" fill="var(--sun)" />
    </svg>
  );
}
