"""Send alerts through the project's own apprise when a task fails for good, or a run is late.

The addresses are those of `spark9`: SPARK9_ALERTS, URLs of apprise separated by spaces, handed on in the environment
and never as arguments, which anybody on the machine could read.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
from pathlib import Path
from typing import Any

PROJECT = Path(os.environ.get("SPARK9_PROJECT", Path(__file__).resolve().parents[4]))
BIN = Path(os.environ.get("SPARK9_BIN", PROJECT / ".venv" / "bin"))


def tell(title: str, body: str) -> None:
    """Send an alert; a failure to send is logged and stops nothing."""
    urls = os.environ.get("SPARK9_ALERTS", "")
    if not urls:
        return
    done = subprocess.run(  # noqa: S603 - the project's own apprise
        [str(BIN / "apprise"), "--title", title, "--body", body],
        env={**os.environ, "APPRISE_URLS": urls},
        check=False,
        capture_output=True,
        timeout=60,
    )
    if done.returncode:
        logging.getLogger(__name__).warning("alert-failed: apprise could not send '%s'", title)


def tell_failure(context: Any) -> None:
    """Report which task failed, after its last try; Airflow calls it."""
    task = context["task_instance"]
    tell(f"spark9 engagement: {task.task_id} failed", f"Run {context['run_id']}: {context.get('exception')}")


async def tell_late(**_: Any) -> None:
    """Report that a run has exceeded its deadline; Airflow's deadline calls it."""
    await asyncio.to_thread(
        tell, "spark9 engagement is late", "A run of the DAG engagement has not finished by its deadline."
    )
