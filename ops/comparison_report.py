"""The report of a comparison, as a page or as CSV; no cell of it is run by a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

from jinja2 import Environment

from ops.comparison import Comparison

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}
td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}</style></head><body>
<h1>{{ title }}</h1>
<p>{{ comparison.matching_rows }} rows agree, {{ comparison.differing_rows }} differ, {{ comparison.only_in_wave }}
are only in the wave, {{ comparison.only_in_reference }} only in the reference.
Tolerance: {{ comparison.tolerance }}.</p>
<table><tr><th>column</th><th>rows that differ</th></tr>
{% for column, count in comparison.differences_by_column.items() %}<tr><td>{{ column }}</td><td>{{ count }}</td></tr>
{% endfor %}</table>
<table><tr>{% for name in header %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>
"""


def write_report(comparison: Comparison, path: Path, title: str) -> None:
    """Write every difference, as HTML where the name ends so, else as CSV; no cell of it is run by a spreadsheet.

    Args:
        comparison: from `compare_wave()`.
        path: the report.
        title: of the page.

    """
    header = [*comparison.on, "problem", "column", "in_wave", "in_reference"]
    rows = [
        [*found.key, found.problem, found.column, found.in_wave, found.in_reference] for found in comparison.differences
    ]
    if path.suffix.lower() in (".html", ".htm"):
        page = Environment(autoescape=True).from_string(_PAGE)
        path.write_text(page.render(title=title, comparison=comparison, header=header, rows=rows), encoding="utf-8")
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
