// SPDX-License-Identifier: MIT
/** A level of the book that somebody pressed: the form takes it over. */
import { Cell } from "../cell.ts";

export interface Prefill {
  side: "bid" | "offer";
  energy: string;
  price: string;
}

export const prefill = new Cell<Prefill | null>(null);
