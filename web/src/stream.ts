// SPDX-License-Identifier: MIT
/** Server-sent events over fetch: EventSource can't send the session's token. Resumes after the last event. */

export interface StreamEvent {
  id: string;
  kind: string;
  data: Record<string, unknown>;
}

export type StreamState = "connecting" | "live" | "away";

export interface StreamOptions {
  url: string;
  token: string | null;
  onEvent(event: StreamEvent): void;
  onState(state: StreamState): void;
  /** The API refuses the token: a retry would not help. */
  onRefused(): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** The API pings every 15 s; longer silence means that the connection is dead. */
const SILENCE_MS = 45_000;

/** Splits text as it comes into events; comments (pings) and unknown fields are passed over. */
export class EventParser {
  private rest = "";
  private fields = { id: "", event: "", data: [] as string[] };

  push(text: string): StreamEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.take(line) ?? []);
  }

  private take(line: string): StreamEvent | null {
    if (line === "") return this.finish();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.fields.data.push(value);
    if (name === "id") this.fields.id = value;
    if (name === "event") this.fields.event = value;
    return null;
  }

  private finish(): StreamEvent | null {
    const { id, event, data } = this.fields;
    this.fields = { id: "", event: "", data: [] };
    if (!data.length) return null;
    return { id, kind: event || "message", data: JSON.parse(data.join("\n")) as Record<string, unknown> };
  }
}

/** Follows a stream until the returned function is called. */
export function follow(options: StreamOptions): () => void {
  const ended = new AbortController();
  void run(options, ended.signal);
  return () => ended.abort();
}

async function run(options: StreamOptions, ended: AbortSignal): Promise<void> {
  const place = { last: "" };
  let pause = FIRST_PAUSE_MS;
  options.onState("connecting");
  while (!ended.aborted) {
    const outcome = await connect(options, place, ended).catch(() => "broken" as const);
    if (ended.aborted) return;
    if (outcome === "refused") return options.onRefused();
    pause = outcome === "served" ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    options.onState("away");
    await new Promise((resume) => setTimeout(resume, pause));
  }
}

async function connect(options: StreamOptions, place: { last: string }, ended: AbortSignal) {
  const silent = new AbortController();
  let alarm = setTimeout(() => silent.abort(), SILENCE_MS);
  const headers = new Headers({ accept: "text/event-stream" });
  if (options.token) headers.set("authorization", `Bearer ${options.token}`);
  if (place.last) headers.set("last-event-id", place.last);
  try {
    const signal = AbortSignal.any([ended, silent.signal]);
    const response = await fetch(options.url, { headers, signal, cache: "no-store" });
    if (response.status === 401 || response.status === 403) return "refused";
    if (!response.ok || !response.body) return "broken";
    options.onState("live");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: "" }));
      if (done) return "served";
      clearTimeout(alarm);
      alarm = setTimeout(() => silent.abort(), SILENCE_MS);
      for (const event of parser.push(value ?? "")) {
        if (event.id) place.last = event.id;
        options.onEvent(event);
      }
    }
  } finally {
    clearTimeout(alarm);
  }
}
