// SPDX-License-Identifier: MIT
/** UTC seconds → the reader's local time, with the UTC time as a hint. */

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DATE: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
const localClock = new Intl.DateTimeFormat("en-GB", CLOCK);
const localSeconds = new Intl.DateTimeFormat("en-GB", { ...CLOCK, second: "2-digit" });
const localDate = new Intl.DateTimeFormat("en-GB", DATE);

const date = (seconds: number) => new Date(seconds * 1000);

/** "14:15" */
export function clockTime(seconds: number): string {
  return localClock.format(date(seconds));
}

/** "14:15:30" */
export function clockSeconds(seconds: number): string {
  return localSeconds.format(date(seconds));
}

/** "Thu 1 Jan" */
export function dayName(seconds: number): string {
  return localDate.format(date(seconds)).replace(",", "");
}

/** "14:15–14:30" */
export function spanName(startsAt: number, endsAt: number): string {
  return `${clockTime(startsAt)}\u2013${clockTime(endsAt)}`;
}

/** "2026-01-01 13:15 UTC" */
export function utcHint(seconds: number): string {
  return `${date(seconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** "Local time, UTC+1" */
export function offsetName(seconds: number): string {
  const minutes = -date(seconds).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const sign = minutes < 0 ? "\u2212" : "+";
  return minutes === 0 ? "UTC" : `UTC${sign}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** "2 h 5 min", "4 min", "35 s" until a time; "" when it has passed. */
export function countdown(until: number, now: number): string {
  const left = Math.floor(until - now);
  if (left <= 0) return "";
  if (left < 60) return `${left} s`;
  const minutes = Math.floor(left / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
}

/** The local day that holds a time: its first second and the first second after it. */
export function localDay(seconds: number): { from: number; to: number } {
  const start = date(seconds);
  start.setHours(0, 0, 0, 0);
  const end = new Date(start);
  end.setDate(end.getDate() + 1);
  return { from: start.getTime() / 1000, to: end.getTime() / 1000 };
}

/** A local day some days before or after. */
export function otherDay(seconds: number, days: number): number {
  const day = date(seconds);
  day.setHours(12, 0, 0, 0);
  day.setDate(day.getDate() + days);
  return day.getTime() / 1000;
}

/** The UTC days ("2026-01-01") that a span touches: a local day touches up to two. */
export function utcDays(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = from - (from % 86_400); at < to; at += 86_400) days.push(date(at).toISOString().slice(0, 10));
  return days;
}
