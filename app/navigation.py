"""The pages in the order of the navigation: those of the waves, then those of each area (loader/areas.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.service import Service
from app.views import clients, operations, overview, upload, waves
from loader.areas import contributed


@dataclass(frozen=True)
class AreaPage:
    """One page.

    Args:
        title: in the navigation.
        path: in the address.
        icon: one of Material Symbols.
        show: draws it.

    """

    title: str
    path: str
    icon: str
    show: Callable[[Service], None]


def navigation() -> Mapping[str, Sequence[AreaPage]]:
    """The pages by the heading that they stand under."""
    pages = (
        AreaPage("Overview", "overview", ":material/monitoring:", overview.show),
        AreaPage("Upload", "upload", ":material/upload_file:", upload.show),
        AreaPage("Waves", "waves", ":material/stacks:", waves.show),
        *(page for pages in contributed("pages") for page in pages),
        AreaPage("Clients", "clients", ":material/groups:", clients.show),
        AreaPage("Operations", "operations", ":material/build_circle:", operations.show),
    )
    return {"Campaigns": pages}
