// SPDX-License-Identifier: MIT
/** Which local day the charts and the statement show. */
import { chainNow } from "../chainclock.ts";
import { useCell } from "../cell.ts";
import { chosenDay } from "../state.ts";
import { dayName, localDay, otherDay } from "../time.ts";
import { useDay } from "../views.ts";

export function DayPicker() {
  const day = useDay();
  const today = localDay(useCell(chainNow));
  const go = (days: number) => {
    const other = otherDay(day.from, days);
    chosenDay.set(localDay(other).from === today.from ? null : other);
  };
  const isToday = day.from === today.from;
  return (
    <div class="day-picker">
      <button type="button" class="icon" aria-label="The day before" onClick={() => go(-1)}>‹</button>
      <span aria-live="polite">{isToday ? `Today, ${dayName(day.from)}` : dayName(day.from)}</span>
      <button type="button" class="icon" aria-label="The day after" onClick={() => go(1)}>›</button>
    </div>
  );
}
