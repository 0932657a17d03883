// SPDX-License-Identifier: MIT
/** A market, a deployment and prepared messages as the API gives them. */
import { toHex } from "viem";
import { marketId } from "../src/ids.ts";
import * as typed from "../src/typeddata.ts";
import type { Deployment, Market, OrderToSign } from "../src/types.ts";

export const BOOK = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
export const VAULT = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512";
export const TOKEN = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0";
export const DISPUTES = "0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9";
export const OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

export const market: Market = {
  market: marketId({ area: 1, carrier: 0, period: 1_963_584 }),
  area: 1,
  carrier: 0,
  period: 1_963_584,
  state: "open",
  halted: false,
  opensAt: 1_767_218_400,
  gateAt: 1_767_225_300,
  startsAt: 1_767_225_600,
  endsAt: 1_767_226_500,
  finalAt: 1_767_228_300,
  retailTicks: "3200",
  feedInTicks: "800",
  levyBuyTicks: "100",
  levySellTicks: "50",
  bestBidTicks: "1850",
  bestOfferTicks: null,
  lastPriceTicks: "1900",
  averagePriceTicks: "1890",
  volumeWh: "4200",
  trades: 7,
};

export const deployment = {
  name: "demo",
  chain: { chainId: 31_337, name: "anvil", rpcUrl: "/rpc", currencyName: "Ether", currencySymbol: "ETH" },
  contracts: { OrderBook: BOOK, PaymentVault: VAULT, Disputes: DISPUTES },
  token: { address: TOKEN, symbol: "TEUR", decimals: 6, cashUnitsPerTokenUnit: 10, tokenUnitsPerCashUnit: 1 },
  receiptSigner: OWNER,
} as unknown as Deployment;

export const wish = {
  account: 65_552,
  market: market.market,
  isOffer: false,
  immediate: false,
  limitTicks: 2_100n,
  energyWh: 1_500n,
  feeTicks: 100n,
  gateAt: market.gateAt,
};

export const orderFields: typed.OrderFields = {
  account: 65_552,
  area: 1,
  carrier: 0,
  period: 1_963_584,
  side: 0,
  kind: 0,
  restRemainder: false,
  priceTicks: 2_100,
  energyWh: 1_500,
  maxFeeTicks: 100,
  nonce: 7,
  validUntil: market.gateAt,
};

/** The API's answer to a wish, with whatever a faulty or dishonest server would change. */
export function prepared(changes: Partial<typed.OrderFields> = {}): OrderToSign {
  const message = { ...orderFields, ...changes };
  const domain = typed.bookDomain(31_337, BOOK);
  return {
    order: toHex(typed.packOrder(message), { size: 32 }),
    hash: typed.digest(typed.ORDER, domain, { ...message }),
    typedData: { ...typed.describe(typed.ORDER), domain: { ...domain }, message: { ...message } },
    summary: { lockUnits: "3150000", feeTicks: "100", nonce: 7, validUntil: market.gateAt, cancelsOwn: [] },
  };
}
