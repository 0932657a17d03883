// SPDX-License-Identifier: MIT
/** What wallets answer instead of a result. */

export const REJECTED = 4001;
export const CHAIN_UNKNOWN = 4902;
const PENDING = -32002;

/** The person said no: not an error, nothing to report. */
export class Rejected extends Error {}

/** The code of an EIP-1193 error; some wallets wrap the chain's answer once more. */
export function errorCode(error: unknown): number | null {
  const outer = error as { code?: unknown; data?: { originalError?: { code?: unknown } } } | null;
  const inner = outer?.data?.originalError?.code;
  if (typeof inner === "number") return inner;
  return typeof outer?.code === "number" ? outer.code : null;
}

/** One sentence for people. */
export function walletMessage(error: unknown): string {
  if (errorCode(error) === PENDING) return "Your wallet is waiting for an earlier question: please open it.";
  const message = (error as { message?: unknown } | null)?.message;
  return `Your wallet says: ${typeof message === "string" && message ? message : "something went wrong"}`;
}
