// SPDX-License-Identifier: MIT
/**
 * A wallet for the demo's published test keys, so that a visitor without one can try the page. It exists only where
 * the deployment says that it is a demo; everybody knows these keys.
 */
import { type Hex, hexToBigInt, isHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { api } from "../state.ts";
import type { DemoAccount, Deployment, TypedData } from "../types.ts";
import type { FoundWallet, Provider } from "./provider.ts";

export function testWallet(account: DemoAccount, deployment: Deployment): FoundWallet {
  const info = { uuid: account.address, name: `${account.name}\u2019s test key`, icon: null, rdns: rdnsOf(account) };
  return { info, provider: new TestProvider(account.privateKey as Hex, deployment) };
}

/** All test wallets of a demo. */
export function testWallets(deployment: Deployment): FoundWallet[] {
  const accounts = deployment.demo?.accounts ?? [];
  return accounts.filter((account) => account.privateKey).map((account) => testWallet(account, deployment));
}

function rdnsOf(account: DemoAccount): string {
  return `wattbook.test.${account.address.toLowerCase()}`;
}

class TestProvider implements Provider {
  private readonly signer;

  constructor(
    key: Hex,
    private readonly deployment: Deployment,
  ) {
    this.signer = privateKeyToAccount(key);
  }

  async request({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    if (method === "eth_requestAccounts" || method === "eth_accounts") return [this.signer.address];
    if (method === "eth_chainId") return `0x${this.deployment.chain.chainId.toString(16)}`;
    if (method === "eth_signTypedData_v4") return this.signTyped(JSON.parse(String(params[1])) as TypedData);
    if (method === "eth_sendTransaction") return this.send(params[0] as Record<string, Hex>);
    throw new Error(`the test wallet doesn\u2019t know ${method}`);
  }

  private signTyped(data: TypedData): Promise<Hex> {
    return this.signer.signTypedData(data as Parameters<typeof this.signer.signTypedData>[0]);
  }

  private async send({ to, data, value }: Record<string, Hex>): Promise<Hex> {
    const from = this.signer.address;
    const call = { from, to, data, value: value ?? "0x0" };
    const [nonce, gas, gasPrice] = await Promise.all([
      this.number("eth_getTransactionCount", [from, "pending"]),
      this.number("eth_estimateGas", [call]),
      this.number("eth_gasPrice", []),
    ]);
    const raw = await this.signer.signTransaction({
      chainId: this.deployment.chain.chainId,
      type: "legacy",
      nonce: Number(nonce),
      // Room for what other transactions change before this one is mined.
      gas: gas + gas / 4n,
      gasPrice: gasPrice * 2n,
      ...(to ? { to } : {}),
      ...(data ? { data } : {}),
      value: hexToBigInt(call.value),
    });
    return this.rpc<Hex>("eth_sendRawTransaction", [raw]);
  }

  private async number(method: string, params: unknown[]): Promise<bigint> {
    const value = await this.rpc<unknown>(method, params);
    return isHex(value) ? hexToBigInt(value) : 0n;
  }

  private rpc<T>(method: string, params: unknown[]): Promise<T> {
    return api.rpc<T>(this.deployment.chain.rpcUrl, method, params);
  }
}
