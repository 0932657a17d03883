// SPDX-License-Identifier: MIT
/** A word that not everybody knows: a press or a tap shows what it means. */
import { useId, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

export const MEANINGS = {
  period: "Electricity is traded in short delivery periods, most often a quarter of an hour long. You buy or sell energy that flows in exactly that time.",
  gate: "Trading for a period ends shortly before it begins (the \u201cgate\u201d closes), so that everybody knows what will be delivered.",
  backstop: "The supplier takes what you produce beyond your sales and delivers what you use beyond your purchases, at published prices (the \u201cbackstop\u201d). You are never without power.",
  limit: "The most you would pay, or the least you would take, for a kilowatt-hour, fees included. You often get a better price.",
  fee: "What the community charges for each traded kilowatt-hour. It is part of your limit: nothing comes on top.",
  held: "Money set aside while your order waits, so that everybody can be paid. What isn\u2019t needed comes back.",
  imbalance: "The difference between what your meters measured and what you had bought or sold. The supplier takes or delivers it.",
  saved: "What you gained against buying everything from, and selling everything to, the supplier.",
  certificate: "Proof that a kilowatt-hour you bought was produced here, in that very quarter of an hour.",
  residual: "Energy of several periods whose readings came too late for corrections. It is settled apart: what you fed in at the lowest feed-in price of that time, what you used at the highest price.",
  unsettled: "A corrected reading changed the figures after they were settled. This amount comes or goes as soon as the correction is settled.",
  retire: "You use certificates up: they prove that what you took from the grid in that quarter of an hour was produced here. It can\u2019t be undone, and nobody can use them again.",
  bond: "Money that is set aside while your dispute is open. It comes back unless the grid operator finds that the reading was right.",
  debt: "What you used beyond your deposit. Your next income repays it first.",
  receipt: "The server\u2019s signed word that it took your order, with its place in the queue. If it let others pass first, this would prove it.",
} as const;

export function Hint({ of, children }: { of: keyof typeof MEANINGS; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <span class="hint">
      <button
        type="button"
        class="hint-word"
        aria-expanded={open}
        aria-describedby={open ? id : undefined}
        title={MEANINGS[of]}
        onClick={() => setOpen(!open)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      >
        {children}
      </button>
      {open && (
        <span class="hint-text" role="note" id={id}>
          {MEANINGS[of]}
        </span>
      )}
    </span>
  );
}
