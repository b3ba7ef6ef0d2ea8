"""What `spark9 doctor --probe` tries of this area: few customers, and the churn model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.probe.model import Check, Unavailable, Unexpected

if TYPE_CHECKING:
    from ops.probe.bench import Bench

_CUSTOMERS, _MONTHS = 300, 18


def try_area(bench: Bench) -> str:
    """Generate customers as the admin, who makes the schemas, and build as the transformer."""
    if not (bench.copy.root / "areas" / "customer_360" / "models").is_dir():
        raise Unavailable("the project has no models of customer 360")
    history = ("--customer-count", str(_CUSTOMERS), "--months", str(_MONTHS))
    bench.command("admin", "customer-360", "generate-customers", *history)
    bench.command("admin", "customer-360", "generate-transactions")
    bench.dbt("transformer", "build", "--selector", "customer_360_models", "--exclude-resource-type", "unit_test")
    return f"{_CUSTOMERS} customers, {_MONTHS} months"


def try_churn(bench: Bench) -> str:
    """Train in Snowpark, and have SQL read what the model wrote: by upper-case names, as it does everywhere."""
    bench.dbt("transformer", "build", "--selector", "customer_360_churn", "--exclude-resource-type", "unit_test")
    with bench.session("analyst") as session:
        ((scored, buckets),) = session.query(
            bench.filled("select count(*), count(distinct churn_decile) from <name>.gold.churn_predictions")
        )
    if not scored or buckets != 10:
        raise Unexpected(f"{scored} customers are scored, in {buckets} deciles instead of 10")
    return f"{scored} customers scored"


CHECKS = (
    Check(
        "customer 360 is generated and built",
        "transformer",
        "Waves do not need it. Report the model or statement that is named.",
        attempt=try_area,
        prepares=True,
        needs="build",
    ),
    Check(
        "the churn model is trained in Snowpark",
        "transformer",
        "Waves and the other models do not need it. If packages are missing, have an organization administrator "
        "accept Anaconda's terms; else report the model that is named.",
        attempt=try_churn,
        needs="customer 360 is generated and built",
        lacks=("Anaconda terms must be accepted",),
    ),
)
