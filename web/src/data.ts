// SPDX-License-Identifier: MIT
/** A view's data: read once, again when one of its topics is told, and kept while the API is away. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Away } from "./api.ts";
import { listen } from "./topics.ts";

/** Many events come at once: views read again at most this often. */
const PAUSE_MS = 500;

export interface Data<T> {
  value: T | null;
  error: string | null;
  reload(): void;
}

interface Read<T> {
  key: string | null;
  value: T | null;
  error: string | null;
}

/** `key` names what is read; null reads nothing. An answer for an earlier key is thrown away. */
export function useData<T>(key: string | null, topics: readonly string[], read: () => Promise<T>): Data<T> {
  const [state, setState] = useState<Read<T>>({ key: null, value: null, error: null });
  const latest = useRef({ key, read });
  latest.current = { key, read };

  const load = useCallback(async () => {
    const asked = latest.current;
    if (asked.key === null) return;
    const current = () => latest.current.key === asked.key;
    try {
      const value = await asked.read();
      if (current()) setState({ key: asked.key, value, error: null });
    } catch (error) {
      const message = error instanceof Away ? null : error instanceof Error ? error.message : String(error);
      if (current()) setState((before) => ({ ...keep(before, asked.key), error: message }));
    }
  }, []);

  const name = topics.join(" ");
  useEffect(() => {
    if (key === null) return;
    const paced = pace(load);
    paced.now();
    const forget = listen(name.split(" "), paced.later);
    return () => {
      forget();
      paced.stop();
    };
  }, [key, name, load]);

  const shown = keep(state, key);
  return { value: shown.value, error: shown.error, reload: () => void load() };
}

function keep<T>(state: Read<T>, key: string | null): Read<T> {
  return state.key === key ? state : { key, value: null, error: null };
}

/** Runs a task now or a little later, never twice within the pause, and once more for calls in between. */
function pace(task: () => Promise<void>) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running = false;
  let again = false;
  const now = async () => {
    running = true;
    again = false;
    await task();
    running = false;
    if (again) later();
  };
  const later = () => {
    again = true;
    if (running || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void now();
    }, PAUSE_MS);
  };
  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    running = true;
  };
  return { now: () => void now(), later, stop };
}
