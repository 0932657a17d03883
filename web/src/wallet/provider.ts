// SPDX-License-Identifier: MIT
/** The wallets of this browser: EIP-6963 announcements, and `window.ethereum` where nobody announces. */
import { Cell } from "../cell.ts";

/** EIP-1193. */
export interface Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
  on?(event: string, listener: (value: unknown) => void): void;
  removeListener?(event: string, listener: (value: unknown) => void): void;
}

export interface WalletInfo {
  uuid: string;
  name: string;
  icon: string | null;
  rdns: string;
}

export interface FoundWallet {
  info: WalletInfo;
  provider: Provider;
}

export const announced = new Cell<readonly FoundWallet[]>([]);

/** Asks wallets to announce themselves, and keeps listening for late ones. */
export function discover(): void {
  window.addEventListener("eip6963:announceProvider", (event) => {
    const found = (event as CustomEvent<FoundWallet>).detail;
    if (!found?.info?.uuid || announced.get().some((known) => known.info.uuid === found.info.uuid)) return;
    announced.set([...announced.get(), { info: cleaned(found.info), provider: found.provider }]);
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
}

/** All wallets that may be connected now. */
export function available(): readonly FoundWallet[] {
  const known = announced.get();
  const injected = (window as { ethereum?: Provider }).ethereum;
  if (known.length || !injected) return known;
  const info = { uuid: "injected", name: "Browser wallet", icon: null, rdns: "injected" };
  return [{ info, provider: injected }];
}

/** An icon is shown only as the embedded picture that EIP-6963 asks for: no request leaves the page. */
function cleaned(info: WalletInfo): WalletInfo {
  const icon = info.icon?.startsWith("data:image/") ? info.icon : null;
  return { uuid: info.uuid, name: String(info.name).slice(0, 40), icon, rdns: String(info.rdns) };
}
