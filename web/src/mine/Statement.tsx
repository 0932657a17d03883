// SPDX-License-Identifier: MIT
/** What each period of the day brought and cost, with totals, and the same as a file. */
import { useState } from "preact/hooks";
import { useData } from "../data.ts";
import { Energy, Money } from "../frame/Amount.tsx";
import { DayPicker } from "../frame/DayPicker.tsx";
import { Hint } from "../frame/Hint.tsx";
import { Card, Empty, Failure, Time } from "../frame/Parts.tsx";
import { api } from "../state.ts";
import type { StatementAmounts, StatementRow } from "../types.ts";
import { usePeriodsOfDay, usePlace } from "../views.ts";

const STATES = { traded: "traded", metered: "metered", settled: "settled", corrected: "corrected" };

export function Statement({ account }: { account: number }) {
  const { carrier } = usePlace();
  const query = { carrier, ...usePeriodsOfDay() };
  const key = `${account}.${carrier}.${query.from}`;
  const statement = useData(key, ["statement", "settled"], () => api.statement(account, query));
  const rows = statement.value?.rows ?? [];
  return (
    <Card id="statement" title="My statement" aside={<DayPicker />}>
      <Failure>{statement.error}</Failure>
      {rows.length ? (
        <div class="scroll" role="region" aria-label="Statement" tabIndex={0}>
          <Table rows={rows} totals={statement.value?.totals ?? null} />
        </div>
      ) : (
        <Empty>{statement.value ? "Nothing on this day yet." : "Reading your statement\u2026"}</Empty>
      )}
      <Download account={account} query={query} />
    </Card>
  );
}

function Table({ rows, totals }: { rows: StatementRow[]; totals: StatementAmounts | null }) {
  return (
    <table class="statement" data-testid="statement-table">
      <thead>
        <tr>
          <th scope="col">Period</th>
          <th scope="col" class="num">Used</th>
          <th scope="col" class="num">Produced</th>
          <th scope="col" class="num">Bought</th>
          <th scope="col" class="num">Sold</th>
          <th scope="col" class="num"><Hint of="imbalance">Difference</Hint></th>
          <th scope="col" class="num">Trades</th>
          <th scope="col" class="num"><Hint of="backstop">Supplier</Hint></th>
          <th scope="col" class="num">In all</th>
          <th scope="col" class="num"><Hint of="saved">Saved</Hint></th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.kind}.${row.period}.${row.startsAt}`} data-kind={row.kind}>
            <th scope="row"><Time at={row.startsAt} /></th>
            <Amounts of={row} />
            <td><State of={row} /></td>
          </tr>
        ))}
      </tbody>
      {totals && (
        <tfoot>
          <tr data-testid="statement-totals">
            <th scope="row">Total</th>
            <Amounts of={totals} />
            <td />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function State({ of }: { of: StatementRow }) {
  const waiting = of.unsettledUnits !== null && BigInt(of.unsettledUnits) !== 0n;
  return (
    <>
      {of.kind === "residual" && <><Hint of="residual">late energy</Hint>, </>}
      {STATES[of.state]}
      {waiting && (
        <span class="quiet" data-testid="unsettled"> (<Hint of="unsettled">still to come</Hint>: <Money units={of.unsettledUnits} flow bare />)</span>
      )}
    </>
  );
}

function Amounts({ of }: { of: StatementAmounts }) {
  const trades = of.paidUnits === null || of.receivedUnits === null ? null : BigInt(of.receivedUnits) - BigInt(of.paidUnits);
  return (
    <>
      {[of.importWh, of.exportWh, of.boughtWh, of.soldWh, of.imbalanceWh].map((wh, at) => (
        <td key={at} class="num"><Energy wh={wh} bare least={3} /></td>
      ))}
      <td class="num"><Money units={trades} flow bare /></td>
      <td class="num"><Money units={of.imbalanceUnits} flow bare /></td>
      <td class="num strong"><Money units={of.cashUnits} flow bare /></td>
      <td class="num"><Money units={of.savedUnits} flow bare /></td>
    </>
  );
}

interface Query extends Record<string, number> {
  carrier: number;
  from: number;
  to: number;
}

function Download({ account, query }: { account: number; query: Query }) {
  const [failure, setFailure] = useState<string | null>(null);
  const save = async () => {
    setFailure(null);
    try {
      const url = URL.createObjectURL(await api.statementCsv(account, query));
      const link = document.createElement("a");
      link.href = url;
      link.download = `statement-${account}-${query.from}-${query.to}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <p class="row">
      <button type="button" class="small" data-testid="csv" onClick={() => void save()}>Download as CSV</button>
      <span class="quiet">Energy in kWh; the file has every figure exactly.</span>
      <Failure>{failure}</Failure>
    </p>
  );
}
