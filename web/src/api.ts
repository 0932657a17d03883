// SPDX-License-Identifier: MIT
/** The API's typed client. It answers data, or throws `Problem` (the API said no) or `Away` (it didn't answer). */
import type { Hex } from "viem";
import type * as t from "./types.ts";

/** problem+json: `message` is one sentence for people, branch on `code`. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** The API can't be reached at the moment. */
export class Away extends Error {
  constructor() {
    super("The server doesn\u2019t answer at the moment. Please try again in a little while.");
  }
}

/** What the client needs from the page, and tells it. */
export interface ApiHooks {
  token(): string | null;
  reached(answered: boolean): void;
  sessionEnded(): void;
}

type Query = Record<string, string | number | boolean | null | undefined>;

export interface OrderWish {
  account: number;
  market: number;
  side: t.Side;
  kind: t.Kind;
  energyWh: string;
  priceTicks: string;
  validUntil: number | null;
}

export class Api {
  constructor(private readonly hooks: ApiHooks) {}

  deployment = () => this.get<t.Deployment>("/v1/deployment");
  markets = (query: Query) => this.all<t.Market>("/v1/markets", query);
  market = (market: number) => this.get<t.Market>(`/v1/markets/${market}`);
  depth = (market: number) => this.get<t.Depth>(`/v1/markets/${market}/depth`, { levels: 50 });
  trades = (market: number) => this.get<t.Page<t.Trade>>(`/v1/markets/${market}/trades`, { limit: 100 });
  dayPrices = (day: string, area: number, carrier: number) =>
    this.get<{ items: t.DayPrice[] }>(`/v1/days/${day}/prices`, { area, carrier });
  community = (query: Query) => this.get<{ items: t.CommunityPeriod[] }>("/v1/community/periods", query);
  memberships = (owner: string) => this.get<{ items: t.Membership[] }>("/v1/accounts", { owner });

  orderToSign = (wish: OrderWish) => this.post<t.OrderToSign>("/v1/typed-data/order", wish);
  sendOrder = (order: Hex, signature: Hex) => this.post<t.Accepted>("/v1/orders", { order, signature });
  order = (hash: Hex) => this.get<t.Order>(`/v1/orders/${hash}`);
  cancelToSign = (account: number, market: number, ref: number) =>
    this.post<t.CancelToSign>("/v1/typed-data/cancel", { account, market, ref, validUntil: null });
  sendCancel = (cancel: t.CancelToSign["cancel"], signature: Hex) =>
    this.post<t.Accepted>("/v1/cancels", { ...cancel, signature });
  cancelState = (hash: Hex) => this.get<{ state: string; error: t.Order["error"] }>(`/v1/cancels/${hash}`);
  sessionToSign = (address: string) => this.post<t.SessionToSign>("/v1/typed-data/session", { address });
  openSession = (session: Record<string, unknown>, signature: Hex) =>
    this.post<t.Session>("/v1/sessions", { session, signature });
  closeSession = () => this.send<void>("DELETE", "/v1/session");
  permitToSign = (account: number, amountCurrency: string) =>
    this.post<t.PermitToSign>("/v1/typed-data/permit", { account, amountCurrency });
  transaction = (name: string, body: Record<string, unknown>) =>
    this.post<t.UnsignedTransaction>(`/v1/transactions/${name}`, body);

  account = (account: number) => this.get<t.Account>(`/v1/accounts/${account}`);
  orders = (account: number, query: Query) =>
    this.get<t.Page<t.Order>>(`/v1/accounts/${account}/orders`, { limit: 100, ...query });
  money = (account: number) => this.get<t.Page<t.MoneyMove>>(`/v1/accounts/${account}/money`, { limit: 20 });
  energy = (account: number, query: Query) =>
    this.get<{ items: t.EnergyPeriod[] }>(`/v1/accounts/${account}/energy`, query);
  statement = (account: number, query: Query) =>
    this.get<t.Statement>(`/v1/accounts/${account}/statement`, query);
  certificates = (account: number) =>
    this.all<t.Certificate>(`/v1/accounts/${account}/certificates`, { limit: 200 });
  heldCertificates = (account: number) =>
    this.get<{ items: t.HeldCertificate[] }>(`/v1/accounts/${account}/certificates/held`);
  readings = (account: number, query: Query) => this.all<t.Reading>(`/v1/accounts/${account}/readings`, query);
  disputes = (account: number) => this.all<t.DisputeStep>(`/v1/accounts/${account}/disputes`, {});
  disputable = (account: number, point: number, period: number) =>
    this.get<t.Disputable>(`/v1/accounts/${account}/disputes/${point}/${period}`);
  statementCsv = async (account: number, query: Query) =>
    (await this.fetched("GET", withQuery(`/v1/accounts/${account}/statement.csv`, query))).blob();

  /** Answers its body also when the API says that it isn't well (503). */
  async health(): Promise<t.Health> {
    const response = await this.raw("GET", "/health");
    const body: unknown = await response.json().catch(() => null);
    if (!isHealth(body)) throw this.away();
    this.hooks.reached(true);
    return body;
  }

  /** JSON-RPC through the API's door to the chain. */
  async rpc<T>(url: string, method: string, params: unknown[]): Promise<T> {
    const body = { jsonrpc: "2.0", id: 1, method, params };
    const answer = await this.post<{ result?: T; error?: { code: number; message: string } }>(url, body);
    if (answer.error) throw new Problem(502, "rpc-refused", answer.error.message);
    return answer.result as T;
  }

  private get<T>(path: string, query: Query = {}): Promise<T> {
    return this.send<T>("GET", withQuery(path, query));
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.send<T>("POST", path, body);
  }

  /** All pages, up to a bound that no community reaches in a view. */
  private async all<T>(path: string, query: Query): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const page: t.Page<T> = await this.get<t.Page<T>>(path, { ...query, limit: 200, cursor });
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null && items.length < 2_000);
    return items;
  }

  private async send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.fetched(method, path, body);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  private async fetched(method: string, path: string, body?: object): Promise<Response> {
    const response = await this.raw(method, path, body);
    if (response.ok) {
      this.hooks.reached(true);
      return response;
    }
    const problem = await readProblem(response);
    if (!problem) throw this.away();
    if (problem.status === 401) this.hooks.sessionEnded();
    throw problem;
  }

  private async raw(method: string, path: string, body?: object): Promise<Response> {
    const token = this.hooks.token();
    const headers = new Headers({ accept: "application/json" });
    if (body) headers.set("content-type", "application/json");
    if (token && path.startsWith("/v1/")) headers.set("authorization", `Bearer ${token}`);
    try {
      return await fetch(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    } catch {
      throw this.away();
    }
  }

  private away(): Away {
    this.hooks.reached(false);
    return new Away();
  }
}

function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

async function readProblem(response: Response): Promise<Problem | null> {
  const body = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  if (typeof body?.["code"] !== "string") return null;
  const detail = typeof body["detail"] === "string" ? body["detail"] : String(body["title"] ?? "It didn\u2019t work.");
  return new Problem(response.status, body["code"], detail, (body["facts"] ?? {}) as Record<string, unknown>);
}

function isHealth(body: unknown): body is t.Health {
  return typeof body === "object" && body !== null && "now" in body && "chain" in body;
}
