// SPDX-License-Identifier: MIT
/** The account's money, and the ways in and out of it. */
import { useData } from "../data.ts";
import { Money } from "../frame/Amount.tsx";
import { Hint } from "../frame/Hint.tsx";
import { Card, Empty, Failure, Time } from "../frame/Parts.tsx";
import { api } from "../state.ts";
import type { Account, MoneyMove } from "../types.ts";
import { MoneyForms } from "./MoneyForms.tsx";

const KINDS: Record<string, string> = {
  deposit: "Paid in",
  withdrawal: "Paid out",
  settlement: "Settlement",
  correction: "Corrected settlement",
  residual: "Energy known late",
  debt: "Owed to the supplier",
  lockLowered: "Set-aside money returned",
};

export function MyMoney({ account }: { account: number }) {
  const own = useData(`account:${account}`, ["account", "block"], () => api.account(account));
  const moves = useData(`money:${account}`, ["money"], async () => (await api.money(account)).items);
  return (
    <Card id="my-money" title="My money">
      <Failure>{own.error}</Failure>
      {own.value && <Figures account={own.value} />}
      {own.value && <MoneyForms account={own.value} changed={own.reload} />}
      <details>
        <summary>Payments</summary>
        <Failure>{moves.error}</Failure>
        {moves.value && !moves.value.length && <Empty>No payments yet.</Empty>}
        <Moves moves={moves.value ?? []} />
      </details>
    </Card>
  );
}

function Figures({ account }: { account: Account }) {
  const owes = BigInt(account.debtUnits) > 0n;
  const beyond = BigInt(account.debtUnits) > BigInt(account.debtLimitUnits);
  return (
    <dl class="figures">
      <div>
        <dt>Free to use</dt>
        <dd data-testid="balance"><Money units={account.balanceUnits} /></dd>
      </div>
      <div>
        <dt><Hint of="held">Set aside</Hint> for orders</dt>
        <dd data-testid="locked"><Money units={account.lockedUnits} /></dd>
      </div>
      <div>
        <dt>You can pay out</dt>
        <dd data-testid="withdrawable"><Money units={account.withdrawableUnits} /></dd>
      </div>
      {owes && (
        <div class="warning">
          <dt><Hint of="debt">Owed</Hint> to the supplier</dt>
          <dd data-testid="debt"><Money units={account.debtUnits} /></dd>
          {beyond && <dd data-testid="debt-limit">above <Money units={account.debtLimitUnits} />: you can sell, but not buy</dd>}
        </div>
      )}
    </dl>
  );
}

function Moves({ moves }: { moves: MoneyMove[] }) {
  return (
    <ul class="moves">
      {moves.map((move, at) => (
        <li key={`${move.at}.${at}`}>
          <span>{KINDS[move.kind] ?? move.kind}</span>
          <span class="quiet"><Time at={move.at} withDay /></span>
          <Money units={move.amountUnits} flow />
        </li>
      ))}
    </ul>
  );
}
