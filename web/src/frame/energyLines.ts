// SPDX-License-Identifier: MIT
/** Energies of periods as lines of a chart, in kWh. */
import type { Column, Line } from "./Chart.tsx";
import { formatKwh, plotted } from "../units.ts";

export interface EnergyPart<Name extends string> {
  part: Name;
  label: string;
  colour: string;
  kind: Line["kind"];
  /** What is used or bought is drawn below the line, what is made or sold above it. */
  down?: boolean;
}

type Energies<Name extends string> = { [name in Name]: string | null };

export function energyLines<Name extends string>(parts: readonly EnergyPart<Name>[], items: Energies<Name>[]): Line[] {
  return parts.map(({ part, label, colour, kind }) => ({
    label,
    colour,
    kind,
    text: (index) => {
      const wh = items[index]?.[part] ?? null;
      return wh === null ? "\u2013" : `${formatKwh(BigInt(wh), 3)} kWh`;
    },
  }));
}

export function energyColumns<Name extends string>(parts: readonly EnergyPart<Name>[], items: Energies<Name>[]): Column[] {
  return parts.map(({ part, down }) =>
    items.map((item) => {
      const height = plotted(item[part], 3);
      return height !== null && down ? -height : height;
    }),
  );
}
