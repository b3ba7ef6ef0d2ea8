"""What stands beside the loader: the subject areas, a folder of areas/ each, and operations, the folder ops/.

The area.py of a folder declares what it contributes. The core looks areas up here and names none, so a folder can be
deleted. Nothing of an area is imported before it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Area:
    """What an area contributes. Code is named as 'module:name' and imported when it is needed.

    Args:
        name: of its folder, and of its dbt tag and selector.
        place: its position among the others, in menus and lists.
        commands: a Typer; with a name, its commands are a group; without one, they join the core's.
        pages: AreaPages of the web pages.
        checks: a function that takes project and warehouse, and yields the Checks of `spark9 doctor`.
        probes: the Checks of `spark9 doctor --probe`.
        tables: macros that list the tables which the loader fills, as loader_tables() does.
        run_command: what people run to bring the area up to date.

    """

    name: str
    place: int = 0
    commands: str = ""
    pages: str = ""
    checks: str = ""
    probes: str = ""
    tables: tuple[str, ...] = ()
    run_command: str = ""


@cache
def areas() -> tuple[Area, ...]:
    """The installed subject areas, in their order."""
    return tuple(sorted(_declared("areas/*/area.py"), key=lambda area: area.place))


def contributed(kind: Literal["commands", "pages", "checks", "probes"]) -> Iterator[Any]:
    """What operations and each area contribute of one kind, imported.

    Args:
        kind: a field of Area.

    """
    for area in (*_declared("ops/area.py"), *areas()):
        module, _, name = str(getattr(area, kind)).partition(":")
        if module:
            yield getattr(import_module(module), name)


def _declared(files: str) -> Iterator[Area]:
    for file in sorted(_ROOT.glob(files)):
        yield import_module(".".join(file.relative_to(_ROOT).with_suffix("").parts)).AREA
