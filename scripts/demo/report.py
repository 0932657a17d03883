# SPDX-License-Identifier: MIT
"""The HTML report: one file that opens anywhere, with the page's own plot library inside it."""

import html
import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from scripts.demo.outcome import COLUMNS, MemberDay, cells
from wattbook.files import write_atomically

HERE = Path(__file__).parent
UPLOT = HERE.parents[1] / "node_modules" / "uplot" / "dist"


def write_report(
    path: Path,
    title: str,
    facts: dict[str, str],
    markets: Sequence[dict[str, Any]],
    days: Sequence[MemberDay],
    findings: Sequence[dict[str, Any]],
) -> None:
    """`facts` are shown as a list under the title; `markets` are the API's, one a period."""
    template = Template((HERE / "report.html").read_text())
    text = template.substitute(
        title=html.escape(title),
        facts="".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>" for k, v in facts.items()),
        checks="".join(map(check_row, findings)),
        head="".join(f"<th>{html.escape(column)}</th>" for column in ("member", *COLUMNS)),
        members="".join(map(member_row, days)),
        uplot_css=(UPLOT / "uPlot.min.css").read_text(),
        uplot_js=(UPLOT / "uPlot.iife.min.js").read_text().replace("</", "<\\/"),
        data=json.dumps(series(markets, days)).replace("</", "<\\/"),
    )
    write_atomically(path, text)


def check_row(finding: dict[str, Any]) -> str:
    kind, mark = ("ok", "✓") if finding["ok"] else ("bad", "✗")
    faults = "".join(f"<li>{html.escape(fault)}</li>" for fault in finding["faults"])
    return (
        f'<tr class="{kind}"><td>{mark}</td><td>{html.escape(finding["name"])}</td>'
        f"<td>{html.escape(finding['compared'])}<ul>{faults}</ul></td><td>{finding['count']:,}</td></tr>"
    )


def member_row(day: MemberDay) -> str:
    return (
        f"<tr><td>{html.escape(day.name)}</td>" + "".join(f"<td>{cell}</td>" for cell in cells(day)) + "</tr>"
    )


def series(markets: Sequence[dict[str, Any]], days: Sequence[MemberDay]) -> dict[str, Any]:
    """What the plots show, in Wh and ticks; the page turns them into kWh and cents."""
    return {
        "at": [market["startsAt"] for market in markets],
        "price": [tick_or_none(market["averagePriceTicks"]) for market in markets],
        "retail": [int(market["retailTicks"]) for market in markets],
        "feedIn": [int(market["feedInTicks"]) for market in markets],
        "volume": [int(market["volumeWh"]) for market in markets],
        "export": [sum(column) for column in zip(*(day.series("exportWh") for day in days), strict=True)],
        "import": [sum(column) for column in zip(*(day.series("importWh") for day in days), strict=True)],
        "members": [
            {
                "name": day.name,
                "export": day.series("exportWh"),
                "import": day.series("importWh"),
                "sold": day.series("soldWh"),
                "bought": day.series("boughtWh"),
            }
            for day in days
        ],
    }


def tick_or_none(ticks: str | None) -> int | None:
    return None if ticks is None else int(ticks)
