// SPDX-License-Identifier: MIT
/** Amounts as people read them; the exact figure is the hint. */
import { useCell } from "../cell.ts";
import { deployment } from "../state.ts";
import { big, formatCents, formatFlow, formatKwh, formatMoney, formatMoneyExact } from "../units.ts";

const NONE = "\u2013";

export function useSymbol(): string {
  return useCell(deployment)?.token.symbol ?? "";
}

/** Cash units (text or bigint); `flow` shows a plus for what comes in. */
export function Money({ units, flow = false, bare = false }: { units: bigint | string | null; flow?: boolean; bare?: boolean }) {
  const symbol = useSymbol();
  if (units === null) return <span class="none">{NONE}</span>;
  const value = typeof units === "string" ? big(units) : units;
  const text = flow ? formatFlow(value) : formatMoney(value);
  const tone = flow ? (value > 0n ? "amount gain" : value < 0n ? "amount cost" : "amount") : "amount";
  return (
    <span class={tone} title={`${formatMoneyExact(value)} ${symbol}`}>
      {text}
      {!bare && <span class="unit"> {symbol}</span>}
    </span>
  );
}

/** Wh (text or bigint) in kWh. */
export function Energy({ wh, bare = false, least = 1 }: { wh: bigint | string | null; bare?: boolean; least?: number }) {
  if (wh === null) return <span class="none">{NONE}</span>;
  const value = typeof wh === "string" ? big(wh) : wh;
  return (
    <span class="amount" title={`${value} Wh`}>
      {formatKwh(value, least)}
      {!bare && <span class="unit"> kWh</span>}
    </span>
  );
}

/** Ticks (text or bigint) in cents a kWh. */
export function Price({ ticks, bare = false }: { ticks: bigint | string | null; bare?: boolean }) {
  if (ticks === null) return <span class="none">{NONE}</span>;
  const value = typeof ticks === "string" ? big(ticks) : ticks;
  return (
    <span class="amount">
      {formatCents(value)}
      {!bare && <span class="unit"> ct</span>}
    </span>
  );
}
