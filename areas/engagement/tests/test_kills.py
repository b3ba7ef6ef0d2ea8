"""A run that is killed at any moment, and run again, leaves what a run without that leaves."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from areas.engagement.tests.conftest import Engagement, event
from tests.support import BIN


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_a_killed_run_is_made_good_by_the_next(engagement: Engagement, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    engagement.customers("a.csv", [[f"c{number}", "A", "", "EU", "2026-01-01"] for number in range(50)])
    for name in range(3):
        events = [event(1000 * name + number, f"c{number % 60}", draw.uniform(0, 3000)) for number in range(900)]
        engagement.events(f"{name}.json", events)
    clean = Engagement(shutil.copytree(engagement.root, tmp_path / "clean"))
    assert clean.spark9("engagement", "run").code == 0
    for _ in range(3):
        process = subprocess.Popen(
            [str(BIN / "spark9"), "engagement", "run"],
            cwd=engagement.root,
            env=dict(os.environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(draw.uniform(0.5, 9))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    run = engagement.spark9("engagement", "run")
    assert run.code == 0, run.text
    where = "engagement.fact_click_events"
    killed, whole = engagement.figures(), clean.figures()
    assert killed == whole
    assert len(whole[where]) == 2700
    assert engagement.query("select count(*) from engagement_raw.raw_clickstream_events") == [(2700,)]
