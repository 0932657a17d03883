// SPDX-License-Identifier: MIT
/** The trade form's way through preparing, signing and sending. */
import { useState } from "preact/hooks";
import type { Market } from "../types.ts";
import { Rejected } from "../wallet/errors.ts";
import type { Draft, Plan } from "./plan.ts";
import { type Placed, placeOrder } from "./placing.ts";

interface Question {
  orders: number;
  answer(goOn: boolean): void;
}

export function usePlacing() {
  const [step, say] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [placed, setPlaced] = useState<Placed | null>(null);
  const [question, ask] = useState<Question | null>(null);

  const mayCancelOwn = (orders: number) =>
    new Promise<boolean>((resolve) => {
      const answer = (goOn: boolean) => {
        ask(null);
        resolve(goOn);
      };
      ask({ orders, answer });
    });

  const place = async (account: number, market: Market, draft: Draft, plan: Plan) => {
    setFailure(null);
    setPlaced(null);
    try {
      setPlaced(await placeOrder(account, market, draft, plan, { say, mayCancelOwn }));
    } catch (error) {
      // Saying no in the wallet is no error.
      if (!(error instanceof Rejected)) setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      say(null);
    }
  };
  return { place, step, busy: step !== null, failure, placed, question };
}
