// SPDX-License-Identifier: MIT
/** A connected wallet: its address and network, and what the page asks it to sign or send. */
import { type Address, getAddress, type Hex, numberToHex } from "viem";
import type { Deployment, TypedData, UnsignedTransaction } from "../types.ts";
import { CHAIN_UNKNOWN, errorCode, Rejected, REJECTED, walletMessage } from "./errors.ts";
import type { FoundWallet, Provider } from "./provider.ts";

export interface ConnectedWallet {
  wallet: FoundWallet;
  address: Address;
  chainId: number;
}

/** Asks the wallet for an address; `quietly` takes only one that was allowed before. Null if there is none. */
export async function connect(wallet: FoundWallet, quietly = false): Promise<ConnectedWallet | null> {
  const method = quietly ? "eth_accounts" : "eth_requestAccounts";
  const [address] = await call<string[]>(wallet.provider, method);
  if (!address) return null;
  return { wallet, address: getAddress(address), chainId: await chainOf(wallet.provider) };
}

export async function chainOf(provider: Provider): Promise<number> {
  return Number(await call<string>(provider, "eth_chainId"));
}

/** Switches the wallet to the deployment's chain, adding it first where the wallet doesn't know it. */
export async function switchChain(provider: Provider, deployment: Deployment): Promise<void> {
  const chainId = numberToHex(deployment.chain.chainId);
  const change = () => provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId }] });
  try {
    await change();
  } catch (error) {
    if (errorCode(error) !== CHAIN_UNKNOWN) throw meaning(error);
    await call(provider, "wallet_addEthereumChain", [describeChain(deployment, chainId)]);
    // Some wallets switch as they add, others only add: asking again is harmless.
    await change().catch((again: unknown) => Promise.reject(meaning(again)));
  }
}

function describeChain({ chain, name }: Deployment, chainId: Hex) {
  return {
    chainId,
    chainName: `Wattbook ${name} (${chain.name})`,
    rpcUrls: [new URL(chain.rpcUrl, location.origin).href],
    nativeCurrency: { name: chain.currencyName, symbol: chain.currencySymbol, decimals: 18 },
  };
}

/** eth_signTypedData_v4 by the connected address. Throws Rejected when the person says no. */
export function sign(connected: ConnectedWallet, data: TypedData): Promise<Hex> {
  return call<Hex>(connected.wallet.provider, "eth_signTypedData_v4", [connected.address, JSON.stringify(data)]);
}

/** eth_sendTransaction; answers the transaction's hash. */
export function send(connected: ConnectedWallet, transaction: UnsignedTransaction): Promise<Hex> {
  const { to, data, value } = transaction;
  return call<Hex>(connected.wallet.provider, "eth_sendTransaction", [{ from: connected.address, to, data, value }]);
}

async function call<T>(provider: Provider, method: string, params: unknown[] = []): Promise<T> {
  try {
    return (await provider.request({ method, params })) as T;
  } catch (error) {
    throw meaning(error);
  }
}

function meaning(error: unknown): Error {
  return errorCode(error) === REJECTED ? new Rejected() : new Error(walletMessage(error));
}
