// SPDX-License-Identifier: MIT
/** Finds this browser's wallets and takes up the one that was connected before. */
import { deployment, wallet } from "../state.ts";
import { reconnect } from "./actions.ts";
import { announced, available, discover } from "./provider.ts";
import { testWallets } from "./testwallet.ts";

export function startWallets(): void {
  const retry = () => {
    const known = deployment.get();
    if (known && !wallet.get()) void reconnect([...available(), ...testWallets(known)]).catch(() => undefined);
  };
  announced.subscribe(retry);
  deployment.subscribe(retry);
  discover();
}
