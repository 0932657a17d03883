// SPDX-License-Identifier: MIT
/** What is the participant's own: energy, money, statement, certificates. Needs a session. */
import { useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { Card, Failure } from "../frame/Parts.tsx";
import { wallet } from "../state.ts";
import { useMembership, useSignedIn } from "../views.ts";
import { openSession } from "../wallet/actions.ts";
import { Rejected } from "../wallet/errors.ts";
import { Certificates } from "./Certificates.tsx";
import { Disputes } from "./Disputes.tsx";
import { MyEnergy } from "./MyEnergy.tsx";
import { MyMoney } from "./MyMoney.tsx";
import { Statement } from "./Statement.tsx";

export function Mine() {
  const connected = useCell(wallet);
  const membership = useMembership();
  const signedIn = useSignedIn();
  if (!connected || !membership) return null;
  if (!signedIn) return <SignIn />;
  const { account } = signedIn;
  return (
    <div class="mine" data-testid="mine">
      <MyEnergy account={account} />
      <MyMoney account={account} />
      <Statement account={account} />
      <Certificates account={account} />
      <Disputes account={account} />
    </div>
  );
}

function SignIn() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const open = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await openSession();
    } catch (error) {
      if (!(error instanceof Rejected)) setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card id="sign-in" title="My energy and my money">
      <p>
        What your household produces, uses and pays is shown to nobody but you. Sign once with your wallet to see it: that
        costs nothing and moves nothing.
      </p>
      <button type="button" class="primary" data-testid="sign-in-button" disabled={busy} onClick={() => void open()}>
        {busy ? "Please sign in your wallet\u2026" : "Show my data"}
      </button>
      <Failure>{failure}</Failure>
    </Card>
  );
}
