"""What `spark9 doctor --probe` tries of this area: a short history, and its models without the churn model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.probe.model import Check, Unavailable

if TYPE_CHECKING:
    from ops.probe.bench import Bench


def try_area(bench: Bench) -> str:
    """Generate 1,000 customers as the admin, who makes the schemas, and build as the transformer."""
    if not (bench.copy.root / "areas" / "customer_360" / "models").is_dir():
        raise Unavailable("the project has no models of customer 360")
    history = ("--customer-count", "1000", "--months", "2")
    bench.command("admin", "customer-360", "generate-customers", *history)
    bench.command("admin", "customer-360", "generate-transactions")
    bench.dbt("transformer", "build", "--selector", "customer_360_models", "--exclude-resource-type", "unit_test")
    return "1,000 customers; two months are too short for the churn model"


CHECKS = (
    Check(
        "customer 360 is generated and built",
        "transformer",
        "Waves do not need it. Report the model or statement that is named.",
        attempt=try_area,
        needs="build",
    ),
)
