// SPDX-License-Identifier: MIT
/** What the API answers. Amounts are texts: integer base units and decimals; ids and times are numbers. */
export type * from "./types/account.ts";
export type * from "./types/public.ts";
export type * from "./types/signing.ts";
