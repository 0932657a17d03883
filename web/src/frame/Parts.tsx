// SPDX-License-Identifier: MIT
/** Small building blocks: a card, a time, a copy button, an error in its place. */
import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { clockTime, dayName, utcHint } from "../time.ts";

interface CardProps {
  title: ComponentChildren;
  id: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}

export function Card({ title, id, aside, children, class: extra = "" }: CardProps) {
  return (
    <section class={`card ${extra}`} id={id} data-testid={id} aria-labelledby={`${id}-title`}>
      <header class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside && <div class="card-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** Local clock time; the UTC time is the hint. */
export function Time({ at, withDay = false }: { at: number; withDay?: boolean }) {
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={utcHint(at)}>
      {withDay ? `${dayName(at)}, ${clockTime(at)}` : clockTime(at)}
    </time>
  );
}

export function Failure({ children }: { children: ComponentChildren }) {
  if (!children) return null;
  return (
    <p class="failure" role="alert" data-testid="failure">
      {children}
    </p>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** Copies a text; where the browser refuses, it shows the text marked, to be copied by hand. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<"ready" | "copied" | "shown">("ready");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
      setTimeout(() => setState("ready"), 2_000);
    } catch {
      setState("shown");
    }
  };
  if (state === "shown") return <input class="mono" readOnly value={text} aria-label={label} onFocus={(event) => event.currentTarget.select()} />;
  return (
    <button type="button" class="small" onClick={() => void copy()} title={label}>
      <span aria-live="polite">{state === "copied" ? "Copied" : label}</span>
    </button>
  );
}
