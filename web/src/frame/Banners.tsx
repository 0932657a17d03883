// SPDX-License-Identifier: MIT
/** What is wrong with the whole page: each banner goes away by itself. */
import { useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { apiAway, deployment, health, wallet } from "../state.ts";
import { ensureChain } from "../wallet/actions.ts";
import { Rejected } from "../wallet/errors.ts";

export function Banners() {
  const away = useCell(apiAway);
  const state = useCell(health);
  return (
    <div aria-live="polite">
      {away && (
        <p class="banner" data-testid="away">
          The community’s server can’t be reached at the moment. What you see may be out of date; this page tries again by itself.
        </p>
      )}
      {!away && state && !state.chain.reachable && (
        <p class="banner">The community’s chain doesn’t answer at the moment. You can look around; orders have to wait.</p>
      )}
      {!away && state?.chain.reachable && !state.relay.alive && (
        <p class="banner">Orders can’t be passed on at the moment. The page tells when they can again.</p>
      )}
      <WrongNetwork />
    </div>
  );
}

function WrongNetwork() {
  const connected = useCell(wallet);
  const chain = useCell(deployment)?.chain;
  const [failure, setFailure] = useState<string | null>(null);
  if (!connected || !chain || connected.chainId === chain.chainId) return null;
  const change = async () => {
    setFailure(null);
    try {
      await ensureChain();
    } catch (error) {
      if (!(error instanceof Rejected)) setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div class="banner row" data-testid="wrong-network">
      <span>Your wallet is on another network. {failure}</span>
      <button type="button" class="small" data-testid="switch-network" onClick={() => void change()}>
        Switch to {chain.name}
      </button>
    </div>
  );
}
