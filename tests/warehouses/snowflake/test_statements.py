"""How many statements Snowflake gets; each costs 100 to 300 ms there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from collections import Counter

import pytest

from ops import audit_access
from tests.warehouses.snowflake.support import SnowflakeProject
from tests.written import meta_csv


def kind(sql):
    s = re.sub(r"/\*.*?\*/", "", sql, flags=re.S).split()
    return " ".join(s[:4])[:70].lower()


def test_measure(snowflake: SnowflakeProject) -> None:
    out = Path("/tmp/measure.json")
    result = {}
    n = 4
    for number in range(n):
        key = snowflake.add(f"client{number}", "meta", 2024)
        snowflake.load(snowflake.write("a.csv", meta_csv(3)), 1, key)

    def sent(action):
        before = len(snowflake.emulator.statements())
        got = action()
        entries = snowflake.emulator.statements()[before:]
        return [e["sql"] for e in entries], got

    def note(name, sqls):
        result[name] = {"count": len(sqls), "kinds": Counter(map(kind, sqls)).most_common(), "sql": sqls}

    s, r = sent(lambda: snowflake.dbt("build"))
    assert r.success
    note("first build", s)
    s, r = sent(lambda: snowflake.dbt("build"))
    note("idle dbt build", s)
    assert r.success, r
    s, r = sent(lambda: snowflake.spark9("build"))
    print(r.text)
    note("idle spark9 build", s)
    s, r = sent(lambda: snowflake.load(snowflake.write("b.csv", meta_csv(3, day="2024-02-01")), 2, key))
    note("load", s)
    s, r = sent(lambda: snowflake.spark9("build"))
    print(r.text)
    note("new wave spark9 build", s)
    s, r = sent(lambda: audit_access(snowflake.project))
    print(r)
    note("audit", s)
    out.write_text(json.dumps(result, indent=1))
    for k, v in result.items():
        print(k, v["count"])
