// SPDX-License-Identifier: MIT
/** A reading seems wrong: say what the meter shows, and see what becomes of it. */
import { useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { useData } from "../data.ts";
import { Money } from "../frame/Amount.tsx";
import { DayPicker } from "../frame/DayPicker.tsx";
import { Hint } from "../frame/Hint.tsx";
import { Card, Empty, Failure, Time } from "../frame/Parts.tsx";
import { api, deployment } from "../state.ts";
import { clockTime, spanName } from "../time.ts";
import { Field } from "../trade/fields.tsx";
import type { Disputable, DisputeStep, Reading } from "../types.ts";
import { AmountError, formatAmount, formatKwh, KWH_DECIMALS, parseAmount } from "../units.ts";
import { usePeriodSeconds, usePeriodsOfDay, usePlace } from "../views.ts";
import { fileDispute } from "./deeds.ts";
import { useDeed } from "./useDeed.ts";

const OUTCOMES: Record<DisputeStep["state"], string> = {
  open: "The grid operator looks into it",
  upheld: "You were right: the reading is corrected, your bond is back",
  rejected: "The reading was right: the bond is gone",
  expired: "Nobody decided in time: the reading stands, your bond is back",
};

export function Disputes({ account }: { account: number }) {
  const { carrier } = usePlace();
  const seconds = usePeriodSeconds();
  const query = { carrier, ...usePeriodsOfDay() };
  const readings = useData(`readings:${account}.${carrier}.${query.from}`, ["energy", "statement"], () => api.readings(account, query));
  const [chosen, choose] = useState("");
  const items = readings.value ?? [];
  const reading = items.find((item) => nameOf(item) === chosen);
  return (
    <Card id="disputes" title="Is a reading wrong?" aside={<DayPicker />}>
      <Failure>{readings.error}</Failure>
      <Filed account={account} />
      {items.length ? (
        <div class="field">
          <label for="disputed-reading">Which reading?</label>
          <select id="disputed-reading" data-testid="disputed-reading" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">Choose one</option>
            {items.map((item) => (
              <option key={nameOf(item)} value={nameOf(item)}>{labelOf(item, seconds)}</option>
            ))}
          </select>
        </div>
      ) : (
        <Empty>{readings.value ? "No readings on this day yet." : "Reading your meters\u2019 figures\u2026"}</Empty>
      )}
      {reading && <Terms key={chosen} account={account} reading={reading} />}
    </Card>
  );
}

const nameOf = ({ point, period }: Reading) => `${point}.${period}`;

function labelOf({ point, startsAt, importWh, exportWh }: Reading, seconds: number): string {
  const energies = `used ${formatKwh(BigInt(importWh), 3)}, produced ${formatKwh(BigInt(exportWh), 3)} kWh`;
  return `${spanName(startsAt, startsAt + seconds)}, meter ${point}: ${energies}`;
}

function Terms({ account, reading }: { account: number; reading: Reading }) {
  const { point, period } = reading;
  const read = useData(`disputable:${account}.${point}.${period}`, ["disputes"], () => api.disputable(account, point, period));
  const found = read.value;
  return (
    <>
      <Failure>{read.error}</Failure>
      {found?.disputable && <Claim account={account} found={found} />}
      {found && !found.disputable && (
        <Empty>{found.state === "none" ? "It is too late to dispute this reading." : OUTCOMES[found.state] + "."}</Empty>
      )}
    </>
  );
}

function Claim({ account, found }: { account: number; found: Disputable }) {
  const seconds = usePeriodSeconds();
  const { point, period } = found;
  const [imported, setImported] = useState(shown(found.importRegisterWh));
  const [exported, setExported] = useState(shown(found.exportRegisterWh));
  const deed = useDeed(async (say) => {
    const [importWh, exportWh] = [parseAmount(imported, KWH_DECIMALS), parseAmount(exported, KWH_DECIMALS)];
    if (String(importWh) === found.importRegisterWh && String(exportWh) === found.exportRegisterWh)
      throw new AmountError("That is what was read. Write what your meter showed.");
    await fileDispute({ account, point, period, importWh, exportWh }, say);
    return "Your dispute is filed.";
  });
  return (
    <form onSubmit={deed.submit} noValidate data-testid="dispute-form">
      <p>
        At {clockTime((period + 1) * seconds)} your meter was read as <b>{shown(found.importRegisterWh)} kWh</b> used
        and <b>{shown(found.exportRegisterWh)} kWh</b> produced, counted since it was installed. What did it show?
      </p>
      <Field id="claim-import" label="Used, by the meter" unit="kWh" value={imported} problem={deed.problem} change={setImported} />
      <Field id="claim-export" label="Produced, by the meter" unit="kWh" value={exported} problem={undefined} change={setExported} />
      <p class="quiet">
        <Hint of="bond">A bond</Hint> of <span data-testid="bond"><Money units={found.bondUnits} /></span> is set aside. The grid operator
        decides until <Time at={found.decidableUntil} withDay />; you can dispute until <Time at={found.disputableUntil} withDay />, once.
      </p>
      <button class="primary" data-testid="file-dispute" disabled={deed.step !== null}>{deed.step ?? "Dispute this reading"}</button>
      <Failure>{deed.failure}</Failure>
    </form>
  );
}

const shown = (wh: string | null) => (wh === null ? "" : formatAmount(BigInt(wh), KWH_DECIMALS));

/** The newest step of each dispute. */
function Filed({ account }: { account: number }) {
  const known = useCell(deployment);
  const read = useData(`disputes:${account}`, ["disputes"], () => api.disputes(account));
  const latest = new Map<string, DisputeStep>();
  for (const step of read.value ?? []) {
    const name = `${step.point}.${step.period}`;
    if (!latest.has(name)) latest.set(name, step);
  }
  if (!known || !latest.size) return <Failure>{read.error}</Failure>;
  const { periodSeconds, correctionsUntil } = known.calendar;
  return (
    <ul class="moves" data-testid="filed-disputes">
      {[...latest].map(([name, { point, period, state }]) => (
        <li key={name} data-state={state}>
          <span><Time at={period * periodSeconds} withDay />, meter {point}</span>
          <span class="quiet">
            {OUTCOMES[state]}
            {state === "open" && <>, until <Time at={(period + 1) * periodSeconds + correctionsUntil} withDay /></>}
          </span>
        </li>
      ))}
    </ul>
  );
}
