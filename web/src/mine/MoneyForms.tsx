// SPDX-License-Identifier: MIT
/** Pay in, pay out and, in the demo, get test money. */
import { useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { useSymbol } from "../frame/Amount.tsx";
import { Failure } from "../frame/Parts.tsx";
import { deployment } from "../state.ts";
import { Field } from "../trade/fields.tsx";
import type { Account, Deployment } from "../types.ts";
import { parsePayment, tokensOf } from "../token.ts";
import { AmountError, formatAmount } from "../units.ts";
import { depositByApproval, depositWithPermit, mint, withdraw } from "./moving.ts";
import { useDeed } from "./useDeed.ts";

type Way = "deposit" | "withdraw" | "mint";

const VERBS: Record<Way, string> = { deposit: "Pay in", withdraw: "Pay out", mint: "Get test money" };

export function MoneyForms({ account, changed }: { account: Account; changed(): void }) {
  const known = useCell(deployment);
  const [way, setWay] = useState<Way>("deposit");
  if (!known) return null;
  const ways: Way[] = known.demo ? ["deposit", "withdraw", "mint"] : ["deposit", "withdraw"];
  return (
    <div class="money-forms">
      <div class="tabs" role="group" aria-label="What to do">
        {ways.map((one) => (
          <button key={one} type="button" class="small" aria-pressed={one === way} data-testid={`way-${one}`} onClick={() => setWay(one)}>
            {VERBS[one]}
          </button>
        ))}
      </div>
      <MoneyForm key={way} way={way} account={account} known={known} changed={changed} />
    </div>
  );
}

interface FormProps {
  way: Way;
  account: Account;
  known: Deployment;
  changed(): void;
}

function MoneyForm({ way, account, known, changed }: FormProps) {
  const symbol = useSymbol();
  const [text, setText] = useState("");
  const [twoSteps, setTwoSteps] = useState(false);
  const deed = useDeed(async (say) => {
    const units = readAmount(text, way, account, known);
    const run = way === "mint" ? mint : way === "withdraw" ? withdraw : twoSteps ? depositByApproval : depositWithPermit;
    await run({ account, units, say });
    setText("");
    changed();
    return `${VERBS[way]}: done.`;
  });
  return (
    <form onSubmit={deed.submit} noValidate>
      <Field id={`amount-${way}`} label={LABELS[way]} unit={symbol} value={text} problem={deed.problem} change={setText} />
      <p class="quiet">{about(way, account, known, symbol)}</p>
      {way === "deposit" && (
        <label class="check">
          <input type="checkbox" checked={twoSteps} onChange={(event) => setTwoSteps(event.currentTarget.checked)} /> My wallet
          can’t sign a permission: use two transactions
        </label>
      )}
      <button class="primary" data-testid={`do-${way}`} disabled={deed.step !== null}>{deed.step ?? VERBS[way]}</button>
      <p class="quiet" role="status" data-testid="money-done">{deed.done}</p>
      <Failure>{deed.failure}</Failure>
    </form>
  );
}

const LABELS: Record<Way, string> = {
  deposit: "Amount to pay in",
  withdraw: "Amount to pay out",
  mint: "Amount of test money",
};

/** Cash units that come to whole token units. Throws AmountError. */
function readAmount(text: string, way: Way, account: Account, known: Deployment): bigint {
  const units = parsePayment(text, known.token);
  const tokens = tokensOf(units, known.token);
  if (units === 0n) throw new AmountError("Choose an amount above 0.");
  if (way === "deposit" && tokens > BigInt(account.walletTokens)) throw new AmountError("Your wallet doesn\u2019t hold that much.");
  if (way === "withdraw" && units > BigInt(account.withdrawableUnits)) throw new AmountError("That is more than you can pay out now.");
  return units;
}

function about(way: Way, account: Account, known: Deployment, symbol: string): string {
  const held = `${formatAmount(BigInt(account.walletTokens), known.token.decimals, 2)} ${symbol}`;
  if (way === "deposit") return `Your wallet holds ${held}.`;
  if (way === "withdraw") return "It goes to your wallet\u2019s address.";
  return "Test money is worth nothing; it comes into your wallet, from where you can pay it in.";
}
