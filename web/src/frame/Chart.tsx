// SPDX-License-Identifier: MIT
/** A uPlot chart as wide as its place, in the page's colours, light and dark. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clockTime } from "../time.ts";

export type Column = (number | null | undefined)[];

export interface Line {
  label: string;
  /** A CSS variable's name. */
  colour: string;
  kind: "line" | "step" | "dashed" | "bars";
  scale?: "y" | "volume";
  /** How the legend writes a value; the texts themselves are exact. */
  text(index: number): string;
}

interface Props {
  /** For those who can't see it: what the chart says. */
  label: string;
  /** UTC seconds, rising. */
  times: number[];
  lines: Line[];
  columns: Column[];
  unit: string;
  /** The unit of the lines on the volume scale, drawn on the right. */
  volumeUnit?: string;
  range?: { from: number; to: number };
  barSeconds: number;
  height?: number;
  onPick?: (index: number) => void;
}

// A period's bar and step begin where the period does.
const bars = uPlot.paths.bars?.({ size: [0.85, 60], align: 1, radius: 0.12 });
const stepped = uPlot.paths.stepped?.({ align: 1 });

export function Chart(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const shape = props.lines.map(({ label, kind }) => `${label}/${kind}`).join();

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(latest, element), data(latest.current), element);
    };
    draw();
    const sized = new ResizeObserver(() => {
      const { width, height } = size(element, latest.current);
      if (width && plot.current && plot.current.width !== width) plot.current.setSize({ width, height });
    });
    sized.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => {
      sized.disconnect();
      dark.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(data(props));
  }, [props.times, props.columns, props.range?.from, props.range?.to]);

  return <div class={props.onPick ? "chart pickable" : "chart"} role="img" aria-label={props.label} ref={place} />;
}

function data({ times, columns }: Props): uPlot.AlignedData {
  return [times, ...columns];
}

function size(element: HTMLElement, { height = 230 }: Props) {
  return { width: Math.floor(element.clientWidth), height };
}

function colour(element: HTMLElement, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

function options(latest: { current: Props }, element: HTMLElement): uPlot.Options {
  const props = latest.current;
  const [ink, grid] = [colour(element, "--quiet"), colour(element, "--line")];
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: "12px system-ui" };
  const volume = props.volumeUnit
    ? [{ ...axis, scale: "volume", side: 1 as const, grid: { show: false }, size: 46, label: props.volumeUnit, ...LABEL }]
    : [];
  return {
    ...size(element, props),
    padding: [10, props.volumeUnit ? 4 : 20, 0, 4],
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: (_plot, least, most) => window_(latest.current, least, most) },
      y: { range: (_plot, least, most) => room(least, most) },
      // Volume stays low, below the prices.
      volume: { range: (_plot, _least, most) => [0, most > 0 ? most * 2.6 : 1] },
    },
    axes: [
      { ...axis, size: 32, space: 56, values: (_plot, splits) => splits.map((at) => clockTime(at)) },
      { ...axis, size: 40, label: props.unit, ...LABEL, values: (_plot, splits) => splits.map((at) => String(Math.abs(at))) },
      ...volume,
    ],
    series: [
      { label: "Time", value: (_plot, _raw, _series, index) => timeAt(latest.current, index) },
      ...props.lines.map((line, at) => series(line, element, latest, at)),
    ],
    hooks: {
      ready: [
        (plot) => {
          plot.over.addEventListener("click", () => {
            const index = plot.cursor.idx;
            if (index !== null && index !== undefined) latest.current.onPick?.(index);
          });
        },
      ],
    },
  };
}

const LABEL = { labelSize: 18, labelFont: "12px system-ui", labelGap: 0 };

function series(line: Line, element: HTMLElement, latest: { current: Props }, at: number): uPlot.Series {
  const stroke = colour(element, line.colour);
  const filled = line.kind === "bars";
  const paths = filled ? bars : line.kind === "step" ? stepped : undefined;
  return {
    label: line.label,
    scale: line.scale ?? "y",
    stroke,
    width: filled ? 0 : line.kind === "dashed" ? 1.5 : 2,
    points: { show: line.kind === "line", size: 4 },
    spanGaps: line.kind === "dashed",
    ...(filled ? { fill: `${stroke}${line.scale === "volume" ? "55" : "cc"}` } : {}),
    ...(line.kind === "dashed" ? { dash: [5, 5] } : {}),
    ...(paths ? { paths } : {}),
    value: (_plot, _raw, _series, index) =>
      index === null || index === undefined ? "" : (latest.current.lines[at]?.text(index) ?? ""),
  };
}

function window_({ range, barSeconds }: Props, least: number, most: number): [number, number] {
  if (range) return [range.from, range.to];
  return [least - barSeconds / 2, most + barSeconds / 2];
}

/** From 0, or from below it where something is drawn downwards, with some air. */
function room(least: number, most: number): [number, number] {
  const [low, high] = [Math.min(least ?? 0, 0), Math.max(most ?? 0, 0)];
  return low === 0 && high === 0 ? [0, 1] : [low * 1.12, high * 1.12];
}

function timeAt({ times }: Props, index: number | null | undefined): string {
  const at = index === null || index === undefined ? undefined : times[index];
  return at === undefined ? "" : clockTime(at);
}
