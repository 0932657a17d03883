// SPDX-License-Identifier: MIT
/** What the page does with a wallet: connect, follow its changes, change network, sign in, disconnect. */
import { getAddress } from "viem";
import { checkSession } from "../checks.ts";
import { api, deployment, keepSession, memberships, session, wallet } from "../state.ts";
import { EVERYTHING, tell } from "../topics.ts";
import { chainOf, connect, type ConnectedWallet, sign, switchChain } from "./connection.ts";
import { Rejected } from "./errors.ts";
import type { FoundWallet } from "./provider.ts";

const REMEMBERED = "wattbook.wallet";

let forget: (() => void) | null = null;

/** Connects and moves to the community's network; a refused change of network leaves the wallet connected. */
export async function connectTo(found: FoundWallet): Promise<void> {
  const connected = await connect(found);
  if (!connected) return;
  localStorage.setItem(REMEMBERED, found.info.rdns);
  await take(connected);
  await ensureChain().catch((error: unknown) => {
    if (!(error instanceof Rejected)) throw error;
  });
}

/** After a reload: takes the wallet that was connected before, without asking. */
export async function reconnect(found: readonly FoundWallet[]): Promise<void> {
  const known = found.find(({ info }) => info.rdns === localStorage.getItem(REMEMBERED));
  if (!known || wallet.get()) return;
  const connected = await connect(known, true).catch(() => null);
  if (connected) await take(connected);
}

export function disconnect(): void {
  localStorage.removeItem(REMEMBERED);
  if (session.get()) void api.closeSession().catch(() => undefined);
  leave();
}

/** Makes sure that the wallet is on the deployment's chain. Throws Rejected when the person says no. */
export async function ensureChain(): Promise<void> {
  const [connected, known] = [wallet.get(), deployment.get()];
  if (!connected || !known || connected.chainId === known.chain.chainId) return;
  const provider = connected.wallet.provider;
  await switchChain(provider, known);
  wallet.set({ ...connected, chainId: await chainOf(provider) });
}

/** Signs in, so that the API shows what is this participant's own. */
export async function openSession(): Promise<void> {
  const [connected, known] = [wallet.get(), deployment.get()];
  if (!connected || !known) return;
  await ensureChain();
  const prepared = await api.sessionToSign(connected.address);
  checkSession(prepared, connected.address, location.origin, known);
  const signature = await sign(connected, prepared.typedData);
  keepSession(await api.openSession(prepared.session, signature));
  tell(EVERYTHING);
}

async function take(connected: ConnectedWallet): Promise<void> {
  forget?.();
  forget = watch(connected);
  if (session.get() && session.get()?.address.toLowerCase() !== connected.address.toLowerCase()) keepSession(null);
  wallet.set(connected);
  await readMemberships();
}

/** Reads which accounts the connected address owns. */
export async function readMemberships(): Promise<void> {
  const address = wallet.get()?.address;
  if (!address) return;
  const { items } = await api.memberships(address);
  if (wallet.get()?.address === address) memberships.set(items);
}

function leave(): void {
  forget?.();
  forget = null;
  keepSession(null);
  memberships.set(null);
  wallet.set(null);
}

function watch({ wallet: found }: ConnectedWallet): () => void {
  const { provider } = found;
  const onAccounts = (accounts: unknown) => {
    const [address] = accounts as string[];
    const current = wallet.get();
    if (!address) return leave();
    if (!current || current.address === getAddress(address)) return;
    memberships.set(null);
    void take({ ...current, address: getAddress(address) });
  };
  const onChain = (chainId: unknown) => {
    const current = wallet.get();
    if (current) wallet.set({ ...current, chainId: Number(chainId) });
  };
  provider.on?.("accountsChanged", onAccounts);
  provider.on?.("chainChanged", onChain);
  return () => {
    provider.removeListener?.("accountsChanged", onAccounts);
    provider.removeListener?.("chainChanged", onChain);
  };
}
