"""The areas of the agency's data and their pages, in the order of the navigation.

A new area is an entry here, a folder of pages and a module of queries; access, jobs, figures and components are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.service import Service
from app.views import clients, customer_360, engagement, operations, overview, upload, waves


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


AREAS: Mapping[str, Sequence[AreaPage]] = {
    "Campaigns": (
        AreaPage("Overview", "overview", ":material/monitoring:", overview.show),
        AreaPage("Upload", "upload", ":material/upload_file:", upload.show),
        AreaPage("Waves", "waves", ":material/stacks:", waves.show),
        AreaPage("Engagement", "engagement", ":material/ads_click:", engagement.show),
        AreaPage("Customer 360", "customer_360", ":material/account_circle:", customer_360.show),
        AreaPage("Clients", "clients", ":material/groups:", clients.show),
        AreaPage("Operations", "operations", ":material/build_circle:", operations.show),
    ),
}
