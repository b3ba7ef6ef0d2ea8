"""Metrics, as MetricFlow computes them from their definitions, are what pages and marts show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from app.access import Viewer
from app.queries import performance
from app.queries.performance import FIGURES, OWNERS, RATES, Filters
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from loader.project.dbt import run_dbt
from tests.support import ROOT, ProjectUnderTest, witnesses

CLIENTS = {"caterpillar_meta": "USD", "nike_linkedin": "EUR", "startup_meta": "USD"}
# as metrics name what marts and pages have
NAMES = {"amount_spent": "spend"}
Row = dict[str, Any]


class _Renderer:
    """What MetricFlow asks of a warehouse to write SQL for it."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class Metrics:
    """The metrics of a built project."""

    def __init__(self, project: ProjectUnderTest) -> None:
        """Parse the project."""
        self.project = project
        assert run_dbt(project.root, ["--quiet", "parse"]).success
        text = (project.root / "target" / "semantic_manifest.json").read_text(encoding="utf-8")
        self.manifest = json.loads(text)
        self._engine = MetricFlowEngine(
            SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(text)), _Renderer()
        )

    def ask(
        self, metrics: Sequence[str], by: Sequence[str] = (), entity: str = "ad_day", where: Sequence[str] = ()
    ) -> dict[tuple[Any, ...], Row]:
        """The values of metrics by the values of dimensions, of the rows that meet each condition."""
        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics),
            group_by_names=[f"{entity}__{name}" for name in by],
            where_constraints=list(where) or None,
        )
        sql = self._engine.explain(request).sql_statement.sql
        names = [name for (name, *_) in self.project.query(f"describe ({sql})")]
        rows = [dict(zip(names, row, strict=True)) for row in self.project.query(sql)]
        return {
            tuple(row[f"{entity}__{name}"] for name in by): {
                metric: None if row[metric] is None else float(row[metric]) for metric in metrics
            }
            for row in rows
        }


@pytest.fixture(scope="module")
def metrics(parsed: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """The demo with a client that has values of conversions, and one that reports no clicks."""
    project = parsed.copy(tmp_path_factory.mktemp("metrics"))
    for name in CLIENTS:
        client, platform = name.split("_")
        key = project.add(client, platform, 2024)
        for wave in (1, 2):
            project.load(ROOT / "samples" / f"{name}_wave{wave}.csv", wave, key)
    header = (
        "Day,Campaign name,Ad set name,Impressions,Link clicks,Amount spent (USD),Purchases,Purchases conversion value"
    )
    shop = project.add("shop", "meta", 2024)
    lines = [
        "2024-01-01,Spring,A,1000,10,5,1,40",
        "2024-01-01,Spring,B,10,5,50,2,60",
        "2024-01-02,Summer,A,500,20,7,0,0",
    ]
    project.load(project.write("shop.csv", "\n".join([header, *lines]) + "\n"), 1, shop)
    brand = project.add("brand", "meta", 2024)
    seen = "Day,Campaign name,Ad set name,Impressions,Amount spent (USD)\n2024-01-01,Seen,A,90000,400\n"
    project.load(project.write("brand.csv", seen), 1, brand)
    rates = "day,currency,rate\n2024-01-01,USD,1.25\n" + "".join(
        f"2024-{month:02}-{day:02},USD,{1 + month / 100}\n" for month in range(1, 13) for day in range(2, 29)
    )
    (project.root / "seeds" / "exchange_rates.csv").write_text(rates, encoding="utf-8")
    assert project.dbt("build", "--exclude", "test_type:generic").success
    return Metrics(project)


@pytest.fixture(scope="module")
def service(metrics: Metrics) -> Iterator[Service]:
    """The pages, as an admin sees them."""
    runtime = Runtime(metrics.project.project, AppSettings())
    yield Service(runtime, Viewer("admin@example.com", is_admin=True), runtime.snapshot())
    runtime.jobs.close()


def test_metrics_are_what_the_pages_show(metrics: Metrics, service: Service) -> None:
    wanted = [NAMES.get(name, name) for name in (*FIGURES, *RATES)]
    totals = metrics.ask(wanted, ["currency"])
    levels = {
        level: metrics.ask(wanted, ["currency", *([OWNERS[level]] if level in OWNERS else []), level])
        for level in ("client_schema", "platform", "campaign", "campaign_name", "ad_set")
    }
    compared = 0
    for currency in ("USD", "EUR"):
        filters = Filters(currency=currency)
        shown = performance.totals(service.marts, filters).iloc[0]
        assert totals[currency,] == _shown(shown), currency
        for level, found in levels.items():
            rows = performance.by_level(service.marts, filters, level)
            # whose a campaign or an ad set is
            owner = [OWNERS[level]] if level in OWNERS else []
            of_rows = {(currency, *(row[name] for name in (*owner, "key"))): _shown(row) for _, row in rows.iterrows()}
            assert of_rows == {key: row for key, row in found.items() if key[0] == currency}, (currency, level)
            compared += len(of_rows)
    assert compared > 30
    # what a sum or a mean of ratios would not give, and spend of clients without values is no part of ROAS
    roas = [row["roas"] for row in levels["client_schema"].values() if row["roas"] is not None]
    assert totals["USD",]["roas"] == pytest.approx(100 / 62, abs=1e-4)
    assert len(roas) == 1
    of_sets = [row["roas"] for row in levels["ad_set"].values() if row["roas"]]
    assert sum(of_sets) / len(of_sets) != pytest.approx(roas[0], abs=0.1)
    of_clients = [row["ctr_percent"] for (currency, *_), row in levels["client_schema"].items() if currency == "USD"]
    known = [rate for rate in of_clients if rate is not None]
    assert len(known) < len(of_clients)
    assert totals["USD",]["ctr_percent"] != pytest.approx(sum(known) / len(known), abs=1e-3)


IN_CURRENCY = {
    "amount_spent": "spend_in_currency",
    "conversion_value": "conversion_value_in_currency",
    **{rate: f"{rate}_in_currency" for rate in ("cpc", "cpm", "roas")},
}
# what is chosen on the page, and the same of the semantic layer
CHOSEN: dict[str, dict[str, tuple[str, ...]]] = {
    "nothing": {},
    "two platforms": {"platform": ("meta", "linkedin")},
    "a brand and a platform": {"brand": ("nike", "shop"), "platform": ("meta",)},
    "campaigns": {"campaign": ("Spring", "Summer", "not there"), "ad_set": ("A",)},
    "campaigns by name": {"campaign_name": ("Spring", "Seen")},
    "levels": {"level": ("ad_set", "ad")},
    "a kind of conversion": {"conversion_type": ("purchases", "")},
}


@pytest.mark.parametrize("chosen", witnesses(list(CHOSEN), quick=3))
def test_each_figure_of_a_page_in_one_currency_is_the_metric_of_its_name(
    metrics: Metrics, service: Service, chosen: str
) -> None:
    first, last = date(2024, 1, 1), date(2024, 2, 15)

    def where(entity: str) -> list[str]:
        dimension = f"coalesce({{{{{{{{ Dimension('{entity}__{{}}') }}}}}}}}, '')"
        conditions = [
            f"{dimension.format(name)} in ({', '.join(map(repr, values))})" for name, values in CHOSEN[chosen].items()
        ]
        day = f"{{{{ TimeDimension('{entity}__date_day', 'day') }}}}"
        return [*conditions, f"{day} between '{first}' and '{last}'"]

    counts = metrics.ask(["impressions", "clicks", "conversions", "ctr_percent"], where=where("ad_day"))
    in_currency = metrics.ask(
        list(IN_CURRENCY.values()), ["reporting_currency"], "ad_day_in_currency", where("ad_day_in_currency")
    )
    compared = 0
    for code in ("EUR", "USD"):
        filters = replace(Filters(first, last, reporting=code), **CHOSEN[chosen])  # type: ignore[arg-type]
        shown = performance.totals(service.marts, filters).iloc[0]
        for name in (*FIGURES, *RATES):
            metric = IN_CURRENCY.get(name, name)
            expected = (in_currency.get((code,), {}) if name in IN_CURRENCY else counts.get((), {})).get(metric)
            found = shown[name]
            assert (None if pd.isna(found) else float(found)) == expected, (code, name)
            compared += expected is not None
    assert compared >= 6


def test_kinds_of_conversions_in_one_currency_are_those_of_the_mart(metrics: Metrics, service: Service) -> None:
    """DuckDB 2.0 stops where a sum over the view is ordered by, once it is above 127."""
    found = performance.conversion_types(service.marts, Filters(reporting="EUR"))
    rows = metrics.project.query(
        "select coalesce(conversion_type, 'not named'), sum(conversions) from marts.performance_by_day "
        "where conversions is not null group by 1"
    )
    expected = sorted(((kind, float(count)) for kind, count in rows), key=lambda row: -row[1])
    assert list(found[["conversion_type", "conversions"]].itertuples(index=False, name=None)) == expected
    assert expected[0][1] > 127


@pytest.mark.slow
def test_metrics_are_what_campaign_performance_has(metrics: Metrics) -> None:
    by_campaign = metrics.ask(
        ["spend", "impressions", "clicks", *RATES], ["client_schema", "campaign_name", "currency"]
    )
    rates = metrics.project.project.macros.call("performance_rates", "totals")
    listed = ", ".join(f"{expression} as {name}" for name, expression in rates)
    found = metrics.project.query(
        f"with totals as (select client_schema, campaign_name, currency, sum(amount_spent) as amount_spent, "
        "sum(impressions) as impressions, sum(clicks) as clicks, sum(conversion_value) as conversion_value, "
        "count(distinct conversion_type) filter (conversion_value is not null) as kinds "
        "from marts.campaign_performance group by all) select client_schema, campaign_name, currency, amount_spent, "
        f"impressions, clicks, kinds, {listed} from totals"
    )
    assert len(found) > 10
    for schema, campaign, currency, spend, impressions, clicks, kinds, *given in found:
        row = by_campaign[schema, campaign, currency]
        expected = dict(zip(RATES, given, strict=True)) | {"roas": given[-1] if kinds <= 1 else None}
        assert row == {
            "spend": float(spend),
            "impressions": impressions,
            "clicks": clicks,
            **{name: None if value is None else float(value) for name, value in expected.items()},
        }


def test_days_are_those_of_the_mart(metrics: Metrics) -> None:
    found = metrics.ask(["spend", "clicks"], ["date_day__day", "client_schema"])
    rows = metrics.project.query(
        "select date_day, client_schema, sum(amount_spent), sum(clicks) from marts.performance_by_day group by all"
    )
    assert {(str(day)[:10], schema): row for (day, schema), row in found.items()} == {
        (str(day), schema): {"spend": float(spend), "clicks": None if clicks is None else float(clicks)}
        for day, schema, spend, clicks in rows
    }


def test_currencies_and_types_of_conversions_are_never_added_up(metrics: Metrics) -> None:
    [total] = metrics.ask(["spend", "conversions", "conversion_value", "impressions", *RATES]).values()
    assert total["impressions"]
    assert total["ctr_percent"]
    assert {name for name, value in total.items() if value is None} == {
        "spend", "conversions", "conversion_value", "cpc", "cpm", "roas"
    }  # fmt: skip
    by_type = metrics.ask(["conversions"], ["conversion_type"])
    rows = metrics.project.query("select conversion_type, sum(conversions) from marts.performance_by_day group by 1")
    assert {kind: row["conversions"] for (kind,), row in by_type.items()} == {
        kind: None if value is None else float(value) for kind, value in rows
    }
    # without a reporting currency there is no sum in it
    assert metrics.ask(["spend_reported"]) == {(): {"spend_reported": None}}


def test_a_metric_of_amounts_asks_how_many_currencies_there_are(metrics: Metrics) -> None:
    """But for those that it is made of, whose descriptions say so."""
    model = next(model for model in metrics.manifest["semantic_models"] if model["name"] == "ad_days")
    measures = {measure["name"]: measure for measure in model["measures"]}
    amounts = {
        name
        for name, one in measures.items()
        if one["agg"] == "sum" and re.search(r"(^|then )(amount_spent|conversion_value)\b(?! is)", one["expr"] or name)
    }
    assert amounts == {"spend_sum", "conversion_value_sum", "cpc_over", "cpm_over", "roas_over", "roas_under"}
    made_of = {
        metric["name"]: {one["name"] for one in metric["type_params"]["metrics"] or []}
        for metric in metrics.manifest["metrics"]
    }
    of_amounts = {name: parts for name, parts in made_of.items() if parts & amounts}
    assert set(of_amounts) == {"spend", "conversion_value", "cpc", "cpm", "roas"}
    assert all("currencies" in parts for parts in of_amounts.values())
    listed = {name for query in metrics.manifest["saved_queries"] for name in query["query_params"]["metrics"]}
    assert not listed & {name for name in measures if name.endswith(("_sum", "_over", "_under"))}


def test_the_documentation_has_each_metric_that_is_made_of_others(metrics: Metrics) -> None:
    text = (ROOT / "docs" / "dbt_community.md").read_text(encoding="utf-8")
    of_waves = {measure["name"] for model in metrics.manifest["semantic_models"] for measure in model["measures"]}
    marts = (ROOT / "models" / "marts" / "metrics.yml").read_text(encoding="utf-8")
    names = set(re.findall(r"^  - name: (\w+)\n    label: ", marts, re.M)) - of_waves
    assert {"spend", "roas_in_currency"} <= names
    assert not {name for name in names if f"`{name}`" not in text}


def test_amounts_in_one_currency_are_of_rows_that_have_a_rate(metrics: Metrics) -> None:
    asked = ("spend_in_currency", "cpc_in_currency", "cpm_in_currency", "roas_in_currency")
    by_brand = metrics.ask(asked, ["reporting_currency", "brand"], "ad_day_in_currency")
    shop = {name: by_brand["EUR", "shop"][name] for name in asked}
    # 55 dollars at 1.25 and 7 at 1.01, for 100 dollars of value on the first day
    spend = 55 / 1.25 + 7 / 1.01
    assert shop == {
        "spend_in_currency": pytest.approx(spend, abs=1e-5),
        "cpc_in_currency": pytest.approx(spend / 35, abs=1e-4),
        "cpm_in_currency": pytest.approx(1000 * spend / 1510, abs=1e-4),
        "roas_in_currency": pytest.approx(100 / 1.25 / spend, abs=1e-4),
    }
    assert by_brand["USD", "shop"]["spend_in_currency"] == 62
    [total] = metrics.ask([*asked, "conversion_value_in_currency"]).values()
    assert set(total.values()) == {None}, "several reporting currencies are never added up"


def test_rates_are_defined_as_the_macros_have_them(metrics: Metrics) -> None:
    macros = metrics.project.project.macros
    expressions = {metric["name"]: metric["type_params"]["expr"] for metric in metrics.manifest["metrics"]}
    measures = {one["name"]: one["expr"] for model in metrics.manifest["semantic_models"] for one in model["measures"]}
    for name, expression in macros.call("performance_rates", "", True):
        assert expression in expressions[name]
    for rate in macros.call("rate_parts"):
        both = f"case when reports_{rate['over']} and reports_{rate['under']} then {{}} end"
        assert measures[f"{rate['name']}_over"] == both.format(rate["over"])
        assert measures[f"{rate['name']}_under"] == both.format(rate["under"])
        if rate["name"] != "ctr_percent":
            assert measures[f"converted_{rate['name']}_over"] == both.format(rate["over"])
            assert measures[f"converted_{rate['name']}_under"] == both.format(rate["under"])


def _shown(row: Any) -> Row:
    """A row of a page by the names of metrics; empty cells are none."""
    return {
        NAMES.get(name, name): None if row[name] is None or row[name] != row[name] else float(row[name])
        for name in (*FIGURES, *RATES)
    }
