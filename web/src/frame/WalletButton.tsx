// SPDX-License-Identifier: MIT
/** Connects a wallet, with a small chooser where there are several; shows who is connected. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { deployment, wallet } from "../state.ts";
import { connectTo, disconnect } from "../wallet/actions.ts";
import { Rejected } from "../wallet/errors.ts";
import { announced, available, type FoundWallet } from "../wallet/provider.ts";
import { useMembership } from "../views.ts";

export function WalletButton() {
  const connected = useCell(wallet);
  useCell(announced);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useOutside(place, () => setOpen(false));

  const take = async (found: FoundWallet) => {
    setOpen(false);
    setBusy(true);
    setFailure(null);
    try {
      await connectTo(found);
    } catch (error) {
      if (!(error instanceof Rejected)) setFailure(error instanceof Error ? error.message : String(error));
      setOpen(!(error instanceof Rejected));
    } finally {
      setBusy(false);
    }
  };
  const press = () => {
    const [only, ...others] = available();
    if (!connected && only && !others.length && !open) void take(only);
    else setOpen(!open);
  };
  return (
    <div class="wallet" ref={place} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button type="button" class={connected ? "plain" : "primary"} data-testid="connect" aria-expanded={open} disabled={busy} onClick={press}>
        {connected ? <Who /> : busy ? "Open your wallet\u2026" : "Connect wallet"}
      </button>
      {open && (
        <div class="menu" data-testid="wallet-menu">
          {failure && <p class="failure" role="alert">{failure}</p>}
          {connected ? <Connected close={() => setOpen(false)} /> : <Chooser take={(found) => void take(found)} />}
        </div>
      )}
    </div>
  );
}

function Chooser({ take }: { take(found: FoundWallet): void }) {
  const found = available();
  const demo = useCell(deployment)?.demo ?? null;
  if (!found.length)
    return (
      <p>
        No wallet was found in this browser. Install one, such as MetaMask or Rabby, and reload the page
        {demo ? ", or try one of the demo\u2019s test accounts below." : "."}
      </p>
    );
  return (
    <ul>
      {found.map((one) => (
        <li key={one.info.uuid}>
          <button type="button" class="plain wide" data-testid="wallet-choice" onClick={() => take(one)}>
            {one.info.icon && <img src={one.info.icon} alt="" width="22" height="22" />} {one.info.name}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Who() {
  const address = useCell(wallet)?.address ?? "";
  const demo = useCell(deployment)?.demo?.accounts.find((account) => account.address.toLowerCase() === address.toLowerCase());
  const short = `${address.slice(0, 6)}\u2026${address.slice(-4)}`;
  return <span data-testid="address" title={address}>{demo ? `${demo.name} \u00b7 ${short}` : short}</span>;
}

function Connected({ close }: { close(): void }) {
  const connected = useCell(wallet);
  const membership = useMembership();
  const leave = () => {
    disconnect();
    close();
  };
  return (
    <>
      <p class="quiet">{connected?.wallet.info.name}</p>
      <p class="mono break">{connected?.address}</p>
      <p>{membership ? `Account ${membership.account} in area ${membership.area}` : "Not a member of this community"}</p>
      <button type="button" class="plain wide" data-testid="disconnect" onClick={leave}>Disconnect</button>
    </>
  );
}

function useOutside(place: { current: HTMLElement | null }, close: () => void): void {
  useEffect(() => {
    const onPress = (event: PointerEvent) => {
      if (!place.current?.contains(event.target as Node)) close();
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, []);
}
