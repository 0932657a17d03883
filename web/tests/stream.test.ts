// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { EventParser } from "../src/stream.ts";

test("an event arrives whole, however it is cut", () => {
  const text = 'id: 812.3.0a1b2c3d\nevent: trade\ndata: {"market":\ndata: 7}\n\n: ping\n\nevent: block\ndata: {"block":812}\n\n';
  for (let size = 1; size <= text.length; size += 1) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < text.length; at += size) events.push(...parser.push(text.slice(at, at + size)));
    expect(events).toEqual([
      { id: "812.3.0a1b2c3d", kind: "trade", data: { market: 7 } },
      { id: "", kind: "block", data: { block: 812 } },
    ]);
  }
});

test("Windows line ends are line ends, also when cut in two", () => {
  const parser = new EventParser();
  expect([...parser.push("event: block\r"), ...parser.push('\ndata: {"block":1}\r'), ...parser.push("\n\r\n")]).toEqual([
    { id: "", kind: "block", data: { block: 1 } },
  ]);
});

test("a ping is no event", () => {
  expect(new EventParser().push(": ping\n\n")).toEqual([]);
});
