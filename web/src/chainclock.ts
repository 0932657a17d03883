// SPDX-License-Identifier: MIT
/**
 * The community's time, which in the demo is stepped: it stands, then jumps. Between two words of the API the page
 * counts on only if the last words showed a clock that runs like the wall's.
 */
import { Cell } from "./cell.ts";

/** Within this many seconds two clocks count as running alike. */
const ALIKE = 1.5;

interface Word {
  now: number;
  wall: number;
}

/** UTC seconds by the community's clock; 0 until known. */
export const chainNow = new Cell(0);

let last: Word | null = null;
let measured: Word | null = null;
let running = true;

const wall = () => performance.now() / 1000;

/** The API said what time it is. */
export function heard(now: number): void {
  const word = { now, wall: wall() };
  if (measured && word.wall - measured.wall >= 3) {
    running = Math.abs(now - measured.now - (word.wall - measured.wall)) <= ALIKE;
    measured = word;
  }
  measured ??= word;
  last = word;
  chainNow.set(now);
}

/** Called each second: goes on counting a running clock. */
export function tick(): void {
  if (!last) return;
  const passed = Math.floor(wall() - last.wall);
  chainNow.set(running ? last.now + passed : last.now);
}
