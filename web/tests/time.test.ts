// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { countdown, localDay, utcDays, utcHint } from "../src/time.ts";

test("a countdown says how long, and nothing when the time has passed", () => {
  expect(countdown(1_000, 940)).toBe("1 min");
  expect(countdown(1_000, 965)).toBe("35 s");
  expect(countdown(8_600, 1_000)).toBe("2 h 6 min");
  expect(countdown(8_200, 1_000)).toBe("2 h");
  expect(countdown(1_000, 1_000)).toBe("");
});

test("a local day is a day long and touches at most two UTC days", () => {
  const { from, to } = localDay(1_767_225_600);
  expect(to - from).toBe(86_400);
  expect(utcDays(from, to).length).toBeLessThanOrEqual(2);
});

test("a span within one UTC day touches only that day", () => {
  expect(utcDays(1_767_225_600, 1_767_312_000)).toEqual(["2026-01-01"]);
  expect(utcDays(1_767_222_000, 1_767_308_400)).toEqual(["2025-12-31", "2026-01-01"]);
});

test("the hint is in UTC", () => {
  expect(utcHint(1_767_225_600)).toBe("2026-01-01 00:00 UTC");
});
