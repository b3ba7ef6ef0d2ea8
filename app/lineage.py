"""The lineage: dbt docs as a page of its own, for those who may see every client."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.access import viewer_named
from app.settings import PROXY, SINGLE_USER, AppSettings
from loader.project.project import find_project

PATH = "/lineage"
_PAGE = Path("target") / "static_index.html"


def lineage_file(root: Path) -> Path | None:
    """The page that `dbt docs generate --static` wrote; none if it was not generated."""
    page = root / _PAGE
    return page if page.is_file() else None


def lineage_routes(settings: AppSettings) -> list[Route]:
    """Where it is served: not where people sign in by OpenID Connect, which Streamlit checks in its own pages only."""

    def show(request: Request) -> Response:
        project = find_project()
        if settings.sign_in == PROXY:
            name = request.headers.get(settings.proxy_header, "")
            if not viewer_named(project, name, settings.admins).is_admin:
                return PlainTextResponse("Only admins can see the lineage of all clients.\n", 403)
        page = lineage_file(project.root)
        if page is None:
            return PlainTextResponse("Whoever runs spark9 has not generated this page yet.\n", 404)
        return HTMLResponse(page.read_text(encoding="utf-8"))

    return [Route(PATH, show)] if settings.sign_in in (SINGLE_USER, PROXY) else []
