// SPDX-License-Identifier: MIT
/** The whole community's day: use, production and trade, where enough members are in the sums. */
import { useMemo } from "preact/hooks";
import { useCell } from "../cell.ts";
import { useData } from "../data.ts";
import { Chart } from "../frame/Chart.tsx";
import { energyColumns, energyLines, type EnergyPart } from "../frame/energyLines.ts";
import { Card, Empty, Failure } from "../frame/Parts.tsx";
import { api, deployment } from "../state.ts";
import { useDay, usePeriodSeconds, usePeriodsOfDay, usePlace } from "../views.ts";

const PARTS: readonly EnergyPart<"importWh" | "exportWh" | "tradedWh">[] = [
  { part: "importWh", label: "Used from the grid", colour: "--use", kind: "bars", down: true },
  { part: "exportWh", label: "Fed into the grid", colour: "--make", kind: "bars" },
  { part: "tradedWh", label: "Traded", colour: "--accent", kind: "step" },
];

export function Community() {
  const [day, seconds] = [useDay(), usePeriodSeconds()];
  const { area, carrier } = usePlace();
  const known = useCell(deployment);
  const query = { area, carrier, ...usePeriodsOfDay() };
  const read = useData(known ? `${area}.${carrier}.${query.from}` : null, ["day"], async () => (await api.community(query)).items);
  const items = useMemo(() => (read.value ?? []).filter(({ importWh }) => importWh !== null), [read.value]);
  const times = useMemo(() => items.map(({ startsAt }) => startsAt), [items]);
  const lines = useMemo(() => energyLines(PARTS, items), [items]);
  const columns = useMemo(() => energyColumns(PARTS, items), [items]);
  return (
    <Card id="together" title="All of us together">
      <Failure>{read.error}</Failure>
      {items.length ? (
        <Chart label="The community\u2019s use, production and trade" times={times} lines={lines} columns={columns} unit="kWh" range={day} barSeconds={seconds} />
      ) : (
        <Empty>{read.value ? "No figures for this day yet. They are shown only as sums of at least five members." : "Reading\u2026"}</Empty>
      )}
    </Card>
  );
}
