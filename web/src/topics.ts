// SPDX-License-Identifier: MIT
/** What changed: the event stream tells topics, views that show a topic read it again. */

type Listener = () => void;

/** Everything may have changed: after a reorganisation, a break, a new session. */
export const EVERYTHING = "everything";

const listeners = new Map<string, Set<Listener>>();

export function tell(...topics: string[]): void {
  const called = new Set<Listener>();
  const names = topics.includes(EVERYTHING) ? [...listeners.keys()] : topics;
  for (const topic of names) for (const listener of listeners.get(topic) ?? []) called.add(listener);
  for (const listener of called) listener();
}

export function listen(topics: readonly string[], listener: Listener): () => void {
  for (const topic of topics) {
    const known = listeners.get(topic) ?? new Set();
    listeners.set(topic, known.add(listener));
  }
  return () => {
    for (const topic of topics) listeners.get(topic)?.delete(listener);
  };
}
