// SPDX-License-Identifier: MIT
import { expect, test, vi } from "vitest";
import { EventParser, follow } from "../src/stream.ts";

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

test("a broken stream is taken up again after its last event, with the session's token", async () => {
  const asked: Headers[] = [];
  const bodies = ['id: 7.0.aaaaaaaa\nevent: block\ndata: {"block":7}\n\n', 'id: 8.0.bbbbbbbb\nevent: block\ndata: {"block":8}\n\n'];
  vi.stubGlobal("fetch", (_url: string, options: { headers: Headers }) => {
    asked.push(options.headers);
    const body = bodies[asked.length - 1];
    return body ? Promise.resolve(new Response(body)) : new Promise(() => undefined);
  });
  const blocks: unknown[] = [];
  const states: string[] = [];
  await new Promise<void>((finished) => {
    const stop = follow({
      url: "/v1/stream",
      token: "secret",
      onEvent: ({ data }) => {
        blocks.push(data["block"]);
        if (blocks.length === 2) finished(stop());
      },
      onState: (state) => states.push(state),
      onRefused: () => undefined,
    });
  });
  vi.unstubAllGlobals();
  expect(blocks).toEqual([7, 8]);
  expect(asked.map((headers) => headers.get("last-event-id"))).toEqual([null, "7.0.aaaaaaaa"]);
  expect(asked.every((headers) => headers.get("authorization") === "Bearer secret")).toBe(true);
  expect(states).toEqual(["connecting", "live", "away", "live"]);
});

test("a stream that refuses the session is not asked again", async () => {
  const fetched = vi.fn(() => Promise.resolve(new Response(null, { status: 401 })));
  vi.stubGlobal("fetch", fetched);
  await new Promise<void>((refused) => {
    follow({ url: "/v1/stream", token: "old", onEvent: () => undefined, onState: () => undefined, onRefused: refused });
  });
  vi.unstubAllGlobals();
  expect(fetched).toHaveBeenCalledTimes(1);
});
