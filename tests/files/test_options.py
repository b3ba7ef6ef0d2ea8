"""What a user says about a file counts."""

from __future__ import annotations

from typing import Any

import pytest

from loader import reading_options
from loader.errors import NameRefusedError
from tests.support import NAMED, SCHEMA, ProjectUnderTest
from tests.written import file_of


@pytest.mark.parametrize(
    "options",
    [{"encoding": "klingon"}, {"delimiter": "ab"}, {"delimiter": "a"}, {"quote": "x"}, {"header_row": -1}, {"table": 0},
     {"skip_footer": -2}, {"dates": "both"}, {"numbers": "1"}, {"encoding": "hex"}],
)  # fmt: skip
def test_what_cannot_be_said_of_a_file_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(NameRefusedError):
        reading_options(**options)


def test_what_is_said_of_a_file_counts(acme: ProjectUnderTest) -> None:
    text = "x\n" + file_of("Amount spent", ["1.50", "2.50"]) + "this is;a footer;of sorts;;;;\n"
    path = acme.write("a.csv", text)
    run = acme.spark9("load", str(path), *NAMED, "--wave", "1", "--header-row", "2", "--skip-footer", "1", "--delimiter", "semicolon")  # fmt: skip
    assert (run.code, "2 rows, 1 note row excluded" in run.text) == (0, True), run.text
    reasons = acme.query(f"select row_reason from {SCHEMA}.raw_data_staging where row_kind <> 'data'")
    assert reasons == [("left out by --skip-footer",)]
