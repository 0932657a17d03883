// SPDX-License-Identifier: MIT
/** Average price and volume of each period of a local day, between the supplier's two prices. */
import { useMemo } from "preact/hooks";
import { useCell } from "../cell.ts";
import { useData } from "../data.ts";
import { Chart, type Line } from "../frame/Chart.tsx";
import { Card, Empty, Failure } from "../frame/Parts.tsx";
import { DayPicker } from "../frame/DayPicker.tsx";
import { api, choose, deployment } from "../state.ts";
import { clockTime, dayName, utcDays } from "../time.ts";
import type { DayPrice } from "../types.ts";
import { formatCents, plotted } from "../units.ts";
import { useDay, usePlace } from "../views.ts";

export function DayChart() {
  const day = useDay();
  const { area, carrier } = usePlace();
  const known = useCell(deployment);
  const prices = useData(known ? `${area}.${carrier}.${day.from}` : null, ["day"], () => readDay(day, area, carrier));
  const items = prices.value ?? [];
  const lines = useMemo(() => linesOf(items), [items]);
  const times = useMemo(() => items.map(({ startsAt }) => startsAt), [items]);
  const columns = useMemo(() => columnsOf(items), [items]);
  const barSeconds = known?.calendar.periodSeconds ?? 900;
  return (
    <Card id="day" title="Price of the day" aside={<DayPicker />}>
      <Failure>{prices.error}</Failure>
      {items.length ? (
        <Chart
          label={summary(items)}
          times={times}
          lines={lines}
          columns={columns}
          unit="ct per kWh"
          volumeUnit="kWh"
          range={day}
          barSeconds={barSeconds}
          onPick={(index) => items[index] && choose(items[index].market)}
        />
      ) : (
        <Empty>{prices.value ? "No prices are known for this day." : "Reading prices\u2026"}</Empty>
      )}
    </Card>
  );
}

async function readDay(day: { from: number; to: number }, area: number, carrier: number): Promise<DayPrice[]> {
  const answers = await Promise.all(utcDays(day.from, day.to).map((name) => api.dayPrices(name, area, carrier)));
  return answers.flatMap(({ items }) => items).filter(({ startsAt }) => startsAt >= day.from && startsAt < day.to);
}

function linesOf(items: DayPrice[]): Line[] {
  const cents = (pick: (item: DayPrice) => string | null) => (index: number) => {
    const ticks = items[index] ? pick(items[index]) : null;
    return ticks === null ? "\u2013" : `${formatCents(BigInt(ticks))} ct`;
  };
  return [
    { label: "Traded", colour: "--volume", kind: "bars", scale: "volume", text: (index) => `${items[index]?.volumeKwh ?? "\u2013"} kWh` },
    { label: "Supplier asks", colour: "--retail", kind: "dashed", text: cents((item) => item.retailTicks) },
    { label: "Supplier pays", colour: "--feed-in", kind: "dashed", text: cents((item) => item.feedInTicks) },
    { label: "Neighbours", colour: "--accent", kind: "line", text: cents((item) => item.averagePriceTicks) },
  ];
}

function columnsOf(items: DayPrice[]) {
  return [
    items.map((item) => plotted(item.volumeWh, 3)),
    items.map((item) => plotted(item.retailTicks, 2)),
    items.map((item) => plotted(item.feedInTicks, 2)),
    items.map((item) => plotted(item.averagePriceTicks, 2)),
  ];
}

function summary(items: DayPrice[]): string {
  const traded = items.filter((item) => item.averagePriceTicks !== null);
  const [first, last] = [items[0], traded.at(-1)];
  if (!first || !last) return "Nothing was traded on this day yet.";
  const price = formatCents(BigInt(last.averagePriceTicks ?? "0"));
  return `${dayName(first.startsAt)}: traded in ${traded.length} of ${items.length} periods; for ${clockTime(last.startsAt)} at ${price} ct per kWh on average.`;
}
