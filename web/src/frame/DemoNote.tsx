// SPDX-License-Identifier: MIT
/** What the demo is, and which test account to try. Shown only where the deployment says that it is a demo. */
import { useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { deployment, wallet } from "../state.ts";
import type { DemoAccount, Deployment } from "../types.ts";
import { connectTo, disconnect } from "../wallet/actions.ts";
import { testWallet } from "../wallet/testwallet.ts";
import { CopyButton, Failure } from "./Parts.tsx";

export function DemoNote() {
  const known = useCell(deployment);
  if (!known?.demo) return null;
  return (
    <section class="demo" aria-label="About this demo" data-testid="demo">
      <div class="demo-words">
        <h2>This is a demo</h2>
        <p>{known.demo.note}</p>
        <p class="quiet">
          No wallet at hand? Be one of these members right here, or copy a test key into a wallet of your own.
        </p>
      </div>
      {known.demo.accounts.length > 0 && (
        <ul class="people">
          {known.demo.accounts.map((account) => <Person key={account.address} account={account} known={known} />)}
        </ul>
      )}
    </section>
  );
}

function Person({ account, known }: { account: DemoAccount; known: Deployment }) {
  const connected = useCell(wallet)?.address.toLowerCase() === account.address.toLowerCase();
  const [failure, setFailure] = useState<string | null>(null);
  const take = async () => {
    setFailure(null);
    disconnect();
    await connectTo(testWallet(account, known)).catch((error: unknown) => setFailure(String(error)));
  };
  return (
    <li class={connected ? "person here" : "person"} data-testid="demo-account">
      <strong>{account.name}</strong>
      <span class="quiet">{account.role}</span>
      <span class="mono address" title={account.address}>{account.address.slice(0, 8)}…{account.address.slice(-6)}</span>
      {account.privateKey && (
        <span class="row">
          <button type="button" class="small" data-testid="try-account" disabled={connected} onClick={() => void take()}>
            {connected ? "That\u2019s you" : `Try as ${account.name}`}
          </button>
          <CopyButton text={account.privateKey} label="Copy key" />
        </span>
      )}
      <Failure>{failure}</Failure>
    </li>
  );
}
