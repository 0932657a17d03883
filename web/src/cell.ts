// SPDX-License-Identifier: MIT
/** A value that components watch: the whole state management of the page. */
import { useEffect, useState } from "preact/hooks";

type Listener = () => void;

export class Cell<T> {
  private readonly listeners = new Set<Listener>();

  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** The cell's value; the component renders again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  const [value, setValue] = useState(() => cell.get());
  useEffect(() => {
    // Functions would be taken for updaters, hence the wrapping.
    const take = () => setValue(() => cell.get());
    take();
    return cell.subscribe(take);
  }, [cell]);
  return value;
}
