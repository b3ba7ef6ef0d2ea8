"""Metrics before and after a generation, side by side: saved, compared, and as a page with charts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from areas.customer_360.building import data_checks
from areas.customer_360.errors import GenerationRefusedError
from areas.customer_360.plan import install
from loader.errors import ProjectError, stage_errors
from loader.filesystem import write_atomically
from loader.project.project import Project
from loader.warehouses.interface import Session
from loader.workspace import Workspace

_WIDTH, _HEIGHT = 460, 220
_BLUE, _GREY = "#2563a8", "#9aa5b1"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:1040px;padding:0 1em;color:#1d2733}
h2{margin-top:2em}table{border-collapse:collapse;margin:1em 0}
td,th{border-bottom:1px solid #dde3ea;padding:.3em .8em;text-align:right}
td:first-child,th:first-child,td:nth-child(2),th:nth-child(2){text-align:left}
figure{display:inline-block;margin:0 1em 1em 0;vertical-align:top}
figcaption{font-weight:600;margin-bottom:.3em}svg{max-width:100%;height:auto}
.failed{color:#a3261b}</style></head><body>
<h1>{{ title }}</h1>
<p>As of {{ day }}, compared with {{ "the baseline of " ~ baseline_day if baseline_day else "no baseline" }}.</p>
{% for heading, charts in sections %}<h2>{{ heading }}</h2>
{% for caption, svg in charts %}<figure><figcaption>{{ caption }}</figcaption>{{ svg|safe }}</figure>
{% endfor %}{% endfor %}
<h2>Baseline and now</h2>
<table><tr><th>metric</th><th>group</th><th>baseline</th><th>now</th><th>change</th><th>change, %</th></tr>
{% for row in delta %}<tr><td>{{ row.metric }}</td><td>{{ row.group_value }}</td>
<td>{{ row.baseline_value|figure }}</td><td>{{ row.current_value|figure }}</td><td>{{ row.change|figure }}</td>
<td>{{ (100 * row.change_share)|figure if row.change_share is not none else "" }}</td></tr>
{% endfor %}</table>
{% if checks %}<h2>Data checks</h2>
<table><tr><th>check</th><th>status</th><th>rows</th></tr>
{% for check in checks %}<tr{% if check.status != "pass" %} class="failed"{% endif %}>
<td>{{ check.name }}</td><td>{{ check.status }}</td><td>{{ check.failures }}</td></tr>
{% endfor %}</table>{% endif %}
</body></html>
"""


@dataclass(frozen=True)
class Difference:
    """One metric of a group, before and now; a field of gold.eda_delta each."""

    metric: str
    grouping_name: str
    group_value: str
    baseline_value: float | None
    current_value: float | None
    change: float | None
    change_share: float | None


def take_baseline(workspace: Workspace) -> int:
    """Save the current metrics, replacing an earlier baseline; how many there are.

    Args:
        workspace: from `open_workspace()`.

    Raises:
        GenerationRefusedError: nothing is built yet.

    """
    with workspace.warehouse.session() as session:
        schema, gold = install(workspace, session), _gold(workspace, session)
        now = workspace.macros.call("current_time_utc").strip()
        with session.transaction(lock=schema):
            session.query(f"delete from {schema}.eda_baseline")
            session.query(
                f"insert into {schema}.eda_baseline "
                "(metric, grouping_name, group_value, metric_value, as_of_day, taken_at) "
                f"select metric, grouping_name, group_value, metric_value, as_of_day, {now} from {gold}.eda_metrics"
            )
        return int(session.query(f"select count(*) from {schema}.eda_baseline")[0][0])


def delta_analysis(workspace: Workspace) -> list[Difference]:
    """The current metrics next to those of the baseline, those of all rows first.

    Args:
        workspace: from `open_workspace()`.

    Raises:
        GenerationRefusedError: nothing is built yet, or no baseline was taken.

    """
    with workspace.warehouse.session() as session:
        schema, gold = install(workspace, session), _gold(workspace, session)
        if not session.query(f"select count(*) from {schema}.eda_baseline")[0][0]:
            raise GenerationRefusedError(
                "baseline-missing",
                "There is no baseline to compare with.",
                "Save one before the next generation: spark9 customer-360 run-baseline-eda",
            )
        return _differences(session, gold)


def write_eda_report(workspace: Workspace, path: Path) -> Path:
    """Write a page with charts that needs no network: spend, segments, the churn model, baseline and now, checks.

    Args:
        workspace: from `open_workspace()`.
        path: the page, replaced whole.

    Raises:
        GenerationRefusedError: nothing is built yet.
        ProjectError: a library for charts is not installed.

    """
    with workspace.warehouse.session() as session:
        install(workspace, session)
        gold = _gold(workspace, session)
        delta = _differences(session, gold)
        sections = _sections(session, gold)
        day, baseline_day = session.query(f"select max(current_day), max(baseline_day) from {gold}.eda_delta")[0]
    page = Environment(autoescape=True)
    page.filters["figure"] = _figure
    text = page.from_string(_PAGE).render(
        title="Customer 360: data overview",
        day=day,
        baseline_day=baseline_day,
        sections=sections,
        delta=[one for one in delta if one.grouping_name in ("all", "segment", "channel", "merchant category")],
        checks=data_checks(workspace),
    )
    with stage_errors(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
    return path


def _gold(project: Project, session: Session) -> str:
    gold = project.schema_name("gold")
    # views of a Snowflake schema are among its tables there, those of DuckDB are not
    there = session.query(
        "select count(*) from information_schema.tables "
        "where lower(table_schema) = ? and lower(table_name) = 'eda_metrics'",
        [gold],
    )
    if not there[0][0]:
        raise GenerationRefusedError(
            "gold-missing",
            "Nothing has been built yet, so there are no metrics.",
            "Build it: spark9 customer-360 run-dbt",
        )
    return gold


def _differences(session: Session, gold: str) -> list[Difference]:
    rows = session.query(
        "select metric, grouping_name, group_value, baseline_value, current_value, change, change_share "
        f"from {gold}.eda_delta order by case grouping_name when 'all' then 0 when 'segment' then 1 else 2 end, "
        "grouping_name, metric, group_value"
    )
    return [Difference(*row[:3], *(None if value is None else float(value) for value in row[3:])) for row in rows]


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def _sections(session: Session, gold: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings, each with charts: caption and SVG. A heading without charts is left out."""
    found = [
        ("Spend", _spend(session, gold)),
        ("Segments", _segments(session, gold)),
        ("Segments at the baseline and now", _segments_compared(session, gold)),
        ("Churn model, on days after its training data", _churn(session, gold)),
    ]
    return [(heading, charts) for heading, charts in found if charts]


def _spend(session: Session, gold: str) -> list[tuple[str, str]]:
    months = session.rows(
        "select substring(cast(month_start as varchar), 1, 7) as month, cast(spend as double) as spend, "
        f"active_customers from {gold}.metric_mom_spend_change "
        "where segment = 'all' and is_whole_month order by month_start"
    )
    categories = session.rows(
        "select merchant_category as category, cast(sum(approved_amount) as double) as spend, "
        "cast(sum(approved_amount) / nullif(sum(approved_transactions), 0) as double) as average_value "
        f"from {gold}.metric_avg_transaction_value group by merchant_category order by 2 desc"
    )
    return [
        ("Spend by month", _bars(months, "month", "spend")),
        ("Active customers by month", _bars(months, "month", "active_customers")),
        ("Spend by merchant category", _bars(categories, "category", "spend")),
        ("Average transaction by merchant category", _bars(categories, "category", "average_value")),
    ]


def _segments(session: Session, gold: str) -> list[tuple[str, str]]:
    segments = session.rows(
        "select segment, customers, cast(spend_90_days as double) as spend, "
        "cast(average_lifetime_value as double) as lifetime_value "
        f"from {gold}.v_segment_performance order by segment"
    )
    return [
        ("Customers", _bars(segments, "segment", "customers")),
        ("Spend of the last 90 days", _bars(segments, "segment", "spend")),
        ("Average lifetime value", _bars(segments, "segment", "lifetime_value")),
    ]


def _segments_compared(session: Session, gold: str) -> list[tuple[str, str]]:
    compared = session.rows(
        "select group_value as segment, metric, baseline_value as baseline, current_value as now "
        f"from {gold}.eda_delta where grouping_name = 'segment' and baseline_value is not null order by group_value"
    )
    metrics = ("customers", "spend of 90 days")
    by_metric = {metric: [row for row in compared if row["metric"] == metric] for metric in metrics}
    return [(metric.capitalize(), _pairs(rows, "segment")) for metric, rows in by_metric.items() if rows]


def _churn(session: Session, gold: str) -> list[tuple[str, str]]:
    if "churn_calibration" not in session.tables(gold):
        return []
    deciles = session.rows(
        "select decile, mean_probability as predicted, churned_share as observed, lift "
        f"from {gold}.churn_calibration order by decile"
    )
    return [
        ("Predicted and observed churn, by decile", _pairs(deciles, "decile", ("predicted", "observed"))),
        ("Lift by decile", _bars(deciles, "decile", "lift")),
    ]


def _bars(rows: list[dict[str, Any]], name: str, value: str) -> str:
    altair = _altair()
    chart = (
        altair.Chart(altair.Data(values=_plain(rows)))
        .mark_bar(color=_BLUE)
        .encode(
            x=altair.X(f"{name}:O", title=None, sort=None),
            y=altair.Y(f"{value}:Q", title=None, axis=altair.Axis(format="~s")),
        )
    )
    return _svg(chart)


def _pairs(rows: list[dict[str, Any]], name: str, values: tuple[str, str] = ("baseline", "now")) -> str:
    altair = _altair()
    long = [{name: row[name], "what": what, "value": row[what]} for row in _plain(rows) for what in values]
    chart = (
        altair.Chart(altair.Data(values=long))
        .mark_bar()
        .encode(
            x=altair.X(f"{name}:O", title=None, sort=None),
            xOffset="what:N",
            y=altair.Y("value:Q", title=None),
            color=altair.Color("what:N", title=None, scale=altair.Scale(range=[_BLUE, _GREY])),
        )
    )
    return _svg(chart)


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value if isinstance(value, str) or value is None else float(value) for name, value in row.items()}
        for row in rows
    ]


def _altair() -> Any:
    try:
        import altair  # noqa: PLC0415 - a second, for reports alone
    except ImportError as error:
        raise ProjectError(
            f"Charts need altair, which is not installed ({error}).", "Install it: make install"
        ) from error
    return altair


def _svg(chart: Any) -> str:
    try:
        import vl_convert  # noqa: PLC0415 - for reports alone
    except ImportError as error:
        raise ProjectError(
            f"Charts need vl-convert-python, which is not installed ({error}).", "Install it: make install"
        ) from error
    text: str = vl_convert.vegalite_to_svg(chart.properties(width=_WIDTH, height=_HEIGHT).to_json())
    return text
