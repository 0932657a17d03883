// SPDX-License-Identifier: MIT
/** A form whose deed takes some steps: what it is doing now, and how it ended. */
import { useState } from "preact/hooks";
import { AmountError } from "../units.ts";
import { Rejected } from "../wallet/errors.ts";
import type { Say } from "./transacting.ts";

export interface Deed {
  /** What is going on; null while nothing is. */
  step: string | null;
  done: string | null;
  failure: string | null;
  /** What is wrong with the amount. */
  problem: string | undefined;
  submit(event: Event): void;
}

/** `deed` answers the sentence to end with. */
export function useDeed(deed: (say: Say) => Promise<string>): Deed {
  const [step, say] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<{ done?: string; failure?: string; problem?: string }>({});
  const run = async () => {
    setOutcome({});
    say("Preparing\u2026");
    try {
      setOutcome({ done: await deed(say) });
    } catch (error) {
      if (error instanceof AmountError) setOutcome({ problem: error.message });
      else if (!(error instanceof Rejected)) setOutcome({ failure: error instanceof Error ? error.message : String(error) });
    } finally {
      say(null);
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void run();
  };
  return { step, done: outcome.done ?? null, failure: outcome.failure ?? null, problem: outcome.problem, submit };
}
