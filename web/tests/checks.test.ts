// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { encodeFunctionData, parseAbi } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { checkCancel, checkOrder, checkPermit, checkSession, Mismatch, receiptIsGenuine } from "../src/checks.ts";
import { checkTransaction } from "../src/mine/transacting.ts";
import * as typed from "../src/typeddata.ts";
import type { OrderToSign } from "../src/types.ts";
import { BOOK, DISPUTES, deployment, market, OWNER, prepared, TOKEN, VAULT, wish } from "./samples.ts";

const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const domain = typed.bookDomain(31_337, BOOK);

describe("an order to sign", () => {
  test("that says what was asked for passes", () => {
    expect(() => checkOrder(prepared(), wish, deployment)).not.toThrow();
  });

  test.each([
    ["account", { account: 65_553 }],
    ["period", { period: 1_963_585 }],
    ["side", { side: 1 }],
    ["kind", { kind: 1 }],
    ["price", { priceTicks: 2_101 }],
    ["energy", { energyWh: 1_501 }],
    ["fee", { maxFeeTicks: 101 }],
    ["deadline", { validUntil: market.gateAt + 1 }],
    ["rest", { restRemainder: true }],
  ])("with another %s is refused", (_what, change) => {
    expect(() => checkOrder(prepared(change), wish, deployment)).toThrow(Mismatch);
  });

  test.each([
    ["message", (order: OrderToSign) => (order.typedData.message["priceTicks"] = 2_999)],
    ["more fields", (order: OrderToSign) => (order.typedData.message["spender"] = OWNER)],
    ["contract", (order: OrderToSign) => (order.typedData.domain["verifyingContract"] = VAULT)],
    ["chain", (order: OrderToSign) => (order.typedData.domain["chainId"] = 1)],
    ["type", (order: OrderToSign) => (order.typedData.primaryType = "Permit")],
    ["fields' types", (order: OrderToSign) => (order.typedData.types["Order"] = [{ name: "account", type: "uint24" }])],
    ["hash", (order: OrderToSign) => (order.hash = `0x${"00".repeat(32)}`)],
  ])("whose typed data has another %s than its word is refused", (_what, tamper) => {
    const order = prepared();
    tamper(order);
    expect(() => checkOrder(order, wish, deployment)).toThrow(Mismatch);
  });
});

test("a cancellation of another order is refused", () => {
  const cancel = { account: 65_552, market: market.market, ref: 2000 * 65_536 + 3, validUntil: 0 };
  const message = { ...typed.cancellationFields(cancel.account, cancel.market, cancel.ref, 0) };
  const hash = typed.digest(typed.CANCELLATION, domain, message);
  const answer = { cancel, hash, typedData: { ...typed.describe(typed.CANCELLATION), domain: { ...domain }, message } };
  expect(() => checkCancel(answer, cancel, deployment)).not.toThrow();
  expect(() => checkCancel(answer, { ...cancel, ref: cancel.ref + 1 }, deployment)).toThrow(Mismatch);
  expect(() => checkCancel({ ...answer, typedData: { ...answer.typedData, message: { ...message, tick: 1 } } }, cancel, deployment)).toThrow(Mismatch);
});

test("a session for another page or address is refused", () => {
  const message = { participant: OWNER, origin: "https://here.example", issuedAt: 1, validUntil: 2, nonce: `0x${"11".repeat(32)}` };
  const answer = { session: message, typedData: { ...typed.describe(typed.SESSION), domain: { ...domain }, message } };
  expect(() => checkSession(answer, OWNER, "https://here.example", deployment)).not.toThrow();
  expect(() => checkSession(answer, OWNER, "https://there.example", deployment)).toThrow(Mismatch);
  expect(() => checkSession(answer, BOOK, "https://here.example", deployment)).toThrow(Mismatch);
});

test("a permit for another spender or amount is refused", () => {
  const message = { owner: OWNER, spender: VAULT as string, value: "5000000", nonce: "0", deadline: "1767225600" };
  const token = { name: "Test Euro", version: "1", chainId: 31_337, verifyingContract: TOKEN };
  const answer = (changed = {}) => ({
    typedData: { ...typed.describe(typed.PERMIT), domain: token, message: { ...message, ...changed } },
    deadline: 1_767_225_600,
    amountTokens: "5000000",
  });
  expect(() => checkPermit(answer(), OWNER, 5_000_000n, deployment)).not.toThrow();
  expect(() => checkPermit(answer({ spender: BOOK }), OWNER, 5_000_000n, deployment)).toThrow(Mismatch);
  expect(() => checkPermit(answer({ value: "5000001" }), OWNER, 5_000_000n, deployment)).toThrow(Mismatch);
});

test("a transaction that pays somebody else is refused", () => {
  const abi = parseAbi(["function withdraw(uint24 account, uint256 amount, address to)"]);
  const data = encodeFunctionData({ abi, functionName: "withdraw", args: [65_552, 5n, OWNER] });
  const transaction = { to: VAULT, data, value: "0x0", chainId: 31_337, from: OWNER, description: "" } as const;
  expect(() => checkTransaction(transaction, { withdraw: [65_552, 5n, OWNER] }, deployment)).not.toThrow();
  expect(() => checkTransaction(transaction, { withdraw: [65_552, 5n, BOOK] }, deployment)).toThrow(Mismatch);
  expect(() => checkTransaction(transaction, { deposit: [65_552, 5n] }, deployment)).toThrow(Mismatch);
  expect(() => checkTransaction({ ...transaction, to: BOOK }, { withdraw: [65_552, 5n, OWNER] }, deployment)).toThrow(Mismatch);
  expect(() => checkTransaction({ ...transaction, value: "0x1" }, { withdraw: [65_552, 5n, OWNER] }, deployment)).toThrow(Mismatch);
});

test("a dispute goes to the disputes and claims what the form says", () => {
  const abi = parseAbi(["function fileDispute(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister)"]);
  const data = encodeFunctionData({ abi, functionName: "fileDispute", args: [2, 9, 2_500, 1_000] });
  const transaction = { to: DISPUTES, data, value: "0x0", chainId: 31_337, from: OWNER, description: "" } as const;
  expect(() => checkTransaction(transaction, { fileDispute: [2, 9, 2_500n, 1_000n] }, deployment)).not.toThrow();
  expect(() => checkTransaction(transaction, { fileDispute: [2, 9, 2_501n, 1_000n] }, deployment)).toThrow(Mismatch);
  expect(() => checkTransaction({ ...transaction, to: VAULT }, { fileDispute: [2, 9, 2_500n, 1_000n] }, deployment)).toThrow(Mismatch);
});

test("a receipt counts only with the relay's own signature", async () => {
  const message = { orderHash: `0x${"22".repeat(32)}` as const, sequence: 41n, receivedAt: 1_767_225_200 };
  const signer = privateKeyToAccount(KEY);
  const signature = await signer.signTypedData({ ...typed.describe(typed.RECEIPT), domain, message });
  const receipt = { hash: message.orderHash, sequence: 41, acceptedAt: message.receivedAt, signer: signer.address, signature };
  expect(await receiptIsGenuine(receipt, deployment)).toBe(true);
  expect(await receiptIsGenuine({ ...receipt, sequence: 40 }, deployment)).toBe(false);
  expect(await receiptIsGenuine(receipt, { ...deployment, receiptSigner: BOOK })).toBe(false);
});
