// SPDX-License-Identifier: MIT
/** The trade form's fields. */
import type { ComponentChildren } from "preact";
import type { Draft } from "./plan.ts";

interface FieldProps {
  id: string;
  label: ComponentChildren;
  /** For screen readers, where the label is more than text. */
  name?: string;
  unit: string;
  value: string;
  problem: string | undefined;
  change(value: string): void;
}

export function Field({ id, label, name, unit, value, problem, change }: FieldProps) {
  return (
    <div class="field">
      {name ? <span class="label">{label}</span> : <label for={id}>{label}</label>}
      <div class={problem ? "input wrong" : "input"}>
        <input
          id={id}
          data-testid={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={value}
          aria-label={name}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : `${id}-unit`}
          onInput={(event) => change(event.currentTarget.value)}
        />
        <span class="unit" id={`${id}-unit`}>{unit}</span>
      </div>
      {problem && (
        <p class="problem" id={`${id}-problem`} data-testid={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<T> {
  legend: string;
  name: string;
  value: T;
  options: readonly { value: T; label: string; id: string; class?: string }[];
  change(value: T): void;
}

export function Choice<T>({ legend, name, value, options, change }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend class="sr-only">{legend}</legend>
      {options.map((option) => (
        <label key={option.id} class={`${value === option.value ? "chosen" : ""} ${option.class ?? ""}`}>
          <input
            type="radio"
            name={name}
            data-testid={option.id}
            checked={value === option.value}
            onChange={() => change(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function SideSwitch({ side, change }: { side: Draft["side"]; change(side: Draft["side"]): void }) {
  const options = [
    { value: "bid", label: "Buy", id: "side-bid", class: "bid" },
    { value: "offer", label: "Sell", id: "side-offer", class: "offer" },
  ] as const;
  return <Choice legend="Buy or sell" name="side" value={side} options={options} change={change} />;
}

interface WayProps {
  buys: boolean;
  immediate: boolean;
  change(immediate: boolean): void;
}

export function WaySwitch({ buys, immediate, change }: WayProps) {
  const options = [
    { value: false, label: "Wait for my price", id: "way-limit" },
    { value: true, label: buys ? "Only what\u2019s on offer now" : "Only what\u2019s wanted now", id: "way-now" },
  ];
  return <Choice legend="What happens to the part that finds no match" name="way" value={immediate} options={options} change={change} />;
}
