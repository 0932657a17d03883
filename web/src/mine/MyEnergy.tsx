// SPDX-License-Identifier: MIT
/** The household's day: what it used and produced, bought and sold, per period. */
import { useMemo } from "preact/hooks";
import { useData } from "../data.ts";
import { Energy } from "../frame/Amount.tsx";
import { Chart } from "../frame/Chart.tsx";
import { DayPicker } from "../frame/DayPicker.tsx";
import { energyColumns, energyLines, type EnergyPart } from "../frame/energyLines.ts";
import { Card, Empty, Failure } from "../frame/Parts.tsx";
import { api } from "../state.ts";
import type { EnergyPeriod } from "../types.ts";
import { formatKwh } from "../units.ts";
import { useDay, usePeriodSeconds, usePeriodsOfDay, usePlace } from "../views.ts";

type Part = "importWh" | "exportWh" | "boughtWh" | "soldWh";

const PARTS: readonly EnergyPart<Part>[] = [
  { part: "importWh", label: "Used from the grid", colour: "--use", kind: "bars", down: true },
  { part: "exportWh", label: "Fed into the grid", colour: "--make", kind: "bars" },
  { part: "boughtWh", label: "Bought", colour: "--bid", kind: "step", down: true },
  { part: "soldWh", label: "Sold", colour: "--offer", kind: "step" },
];

export function MyEnergy({ account }: { account: number }) {
  const [day, seconds] = [useDay(), usePeriodSeconds()];
  const { carrier } = usePlace();
  const { from, to } = usePeriodsOfDay();
  const energy = useData(`${account}.${carrier}.${from}`, ["energy"], async () => (await api.energy(account, { carrier, from, to })).items);
  const items = energy.value ?? [];
  const times = useMemo(() => items.map(({ startsAt }) => startsAt), [items]);
  const lines = useMemo(() => energyLines(PARTS, items), [items]);
  const columns = useMemo(() => energyColumns(PARTS, items), [items]);
  return (
    <Card id="my-energy" title="My production and use" aside={<DayPicker />}>
      <Failure>{energy.error}</Failure>
      <dl class="figures">
        {PARTS.map(({ part, label, colour }) => (
          <div key={part} style={{ borderColor: `var(${colour})` }}>
            <dt>{label}</dt>
            <dd data-testid={`total-${part}`}><Energy wh={sum(items, part)} /></dd>
          </div>
        ))}
      </dl>
      {items.length ? (
        <Chart label={summary(items)} times={times} lines={lines} columns={columns} unit="kWh" range={day} barSeconds={seconds} />
      ) : (
        <Empty>{energy.value ? "Nothing was measured or traded on this day yet." : "Reading your meters\u2019 figures\u2026"}</Empty>
      )}
    </Card>
  );
}

function sum(items: EnergyPeriod[], part: Part): bigint {
  return items.reduce((total, item) => total + BigInt(item[part] ?? "0"), 0n);
}

function summary(items: EnergyPeriod[]): string {
  const texts = PARTS.map(({ part, label }) => `${label.toLowerCase()} ${formatKwh(sum(items, part))} kWh`);
  return `On this day: ${texts.join(", ")}.`;
}
