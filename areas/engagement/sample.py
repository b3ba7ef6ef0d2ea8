"""Try the area engagement without an account: sample files in a local S3, then `spark9 engagement run`.

The server is moto's, on a free port of this machine, and ends with the run; the product finds it by AWS_ENDPOINT_URL,
as it would any other. The visitors come by the campaigns that `make demo` loads. The sample is seeded, and has the
dirt that such feeds have.

Example: python -m areas.engagement.sample
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from areas.feeds.local_s3 import local_s3

BUCKET = "spark9-engagement"
CAMPAIGNS = (
    ("facebook", "cpc", "caterpillar_awareness_w1"),
    ("facebook", "cpc", "caterpillar_dealer_leads_w2"),
    ("Instagram", "paid_social", "Caterpillar%20%7C%20Awareness%20%7C%20W1"),
    ("facebook", "cpc", "startup_launch_w3"),
    ("linkedin", "paid_social", "nike_run_club_w1"),
    ("facebook", "cpc", "summer_that_nobody_ran"),
    ("newsletter", "email", "january"),
)
PAGES = ("/", "/products", "/products/boots", "/products/jackets", "/about", "/cart", "/sign-up")
REGIONS = ("EMEA", "NA", "APAC", "LATAM")
NAMES = ("Ann", "Bo", "Chloé", "Dmitri", "Eve", "Fatima", "Göran", "Hana", "Ivo", "Jun")
DAYS, VISITS_A_DAY, CUSTOMERS = 6, 250, 400


def customers() -> str:
    """The CRM's export: CSV, with a day that is none, an empty id and a row that has a cell too many."""
    rng = random.Random(42)
    lines = ["customer_id,first_name,email,region,signup_date,loyalty_tier"]
    for number in range(1, CUSTOMERS + 1):
        name = rng.choice(NAMES)
        day = "2023-02-30" if number == 77 else f"2023-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        tier = rng.choice(["gold", "silver", ""])
        lines.append(f"c{number:05d},{name},{name.lower()}{number}@example.com,{rng.choice(REGIONS)},{day},{tier}")
    lines += [",Nobody,nobody@example.com,NA,2023-01-01,", "c99999,Too,many@example.com,NA,2023-01-01,gold,cells"]
    return "\n".join(lines) + "\n"


def visit(rng: random.Random, start: datetime, numbers: Iterator[int]) -> list[dict[str, Any]]:
    """The events of one visit."""
    source = rng.choice(CAMPAIGNS) if rng.random() < 0.6 else None
    query = "" if source is None else "?utm_source={}&utm_medium={}&utm_campaign={}".format(*source)
    known = rng.random()
    user = f"c{rng.randint(1, CUSTOMERS):05d}" if known < 0.7 else f"v{rng.randint(1, 400)}" if known < 0.95 else None
    when, events = start, []
    for place in range(rng.choice([1, 1, 2, 3, 4, 6])):
        kind = "page_view" if place == 0 else rng.choice(["page_view", "click", "scroll", "add_to_cart"])
        path = "/sign-up" if rng.random() < 0.04 else rng.choice(PAGES)
        shown = when + timedelta(hours=2)
        events.append(
            {
                "event_id": f"e{next(numbers):07d}",
                "user_id": user,
                "event_type": "sign_up" if path == "/sign-up" and place else kind,
                "page_url": f"https://shop.example.com{path}{query if place == 0 else ''}",
                "duration_ms": rng.randint(200, 90_000),
                # pages of one release write the offset, of another milliseconds since 1970
                "timestamp": rng.choice(
                    [
                        when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                        shown.strftime("%Y-%m-%dT%H:%M:%S+02:00"),
                        int((when - datetime(1970, 1, 1)).total_seconds() * 1000),
                    ]
                ),
            }
        )
        when += timedelta(seconds=rng.choice([5, 20, 60, 240, 2400]))
    return events


def clickstream() -> dict[str, str]:
    """A file a day of JSON lines, with events that came late, that were sent twice, and lines that are none."""
    rng = random.Random(7)
    numbers = iter(range(1, 1_000_000))
    files = {}
    late: list[dict[str, Any]] = []
    for day in range(DAYS):
        first = datetime(2024, 1, 1) + timedelta(days=day)
        events = late
        late = []
        for _ in range(VISITS_A_DAY):
            for event in visit(rng, first + timedelta(seconds=rng.randrange(80_000)), numbers):
                (late if rng.random() < 0.02 else events).append(event)
                if rng.random() < 0.01:
                    events.append(event | {"duration_ms": 1})
        events[3]["campaign_experiment"] = {"variant": "B"}
        lines = [json.dumps(event, ensure_ascii=False) for event in events]
        lines.insert(10, '{"event_id": "e-broken", "user_id":')
        lines.insert(20, json.dumps({"user_id": "c00001", "event_type": "click", "timestamp": "2024-01-01T00:00:00Z"}))
        lines.insert(30, json.dumps({"event_id": f"e-time-{day}", "timestamp": "yesterday"}))
        files[f"clickstream/2024-01-{day + 1:02d}.json"] = "\n".join(lines) + "\n"
    return files


def sample() -> dict[str, bytes]:
    """All files by their name in the bucket; the last day is packed."""
    files = {name: text.encode() for name, text in clickstream().items()}
    last = max(files)
    files[f"{last}.gz"] = gzip.compress(files.pop(last), mtime=0)
    return {"customers/customers.csv": customers().encode(), **files}


def main() -> int:
    """Serve the sample and run the area over it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="only write the files to this folder")
    folder = parser.parse_args().folder
    files = sample()
    if folder:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return 0
    with local_s3(files, BUCKET) as environment:
        print(f"{len(files)} sample files are in s3://{BUCKET} on {environment['AWS_ENDPOINT_URL']}", flush=True)
        command = [str(Path(sys.executable).with_name("spark9")), "engagement", "run"]
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("AWS_") and name != "AWS_PROFILE"
        }
        return subprocess.run(command, check=False, env={**inherited, **environment}).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
