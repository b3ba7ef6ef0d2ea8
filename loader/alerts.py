"""Send alerts to the configured recipients, through apprise."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

CRITICAL, WARNING = "critical", "warning"
# the recipients: URLs as https://appriseit.com lists them, separated by spaces
VARIABLES: Mapping[str, str] = {CRITICAL: "SPARK9_ALERTS", WARNING: "SPARK9_WARNINGS"}


def send(severity: str, title: str, body: str) -> str | None:
    """Send an alert to every configured recipient.

    Args:
        severity: CRITICAL or WARNING.
        title: of the message.
        body: its text.

    Returns:
        Why it could not be sent to all of them, without any URL, which may hold a password; none if it was sent, or if
        no recipient is configured.

    """
    urls = os.environ.get(VARIABLES[severity], "").split()
    if not urls:
        return None
    try:
        import apprise  # noqa: PLC0415 - takes a third of a second, which runs without alerts do not spend

        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        place = apprise.Apprise()
        unknown = sum(not place.add(url) for url in urls)
        reached = place.notify(title=title, body=body) if len(place) else False
    except Exception as error:  # whatever is wrong with an alert, the pipeline goes on
        return f"The alert '{title}' could not be sent: {type(error).__name__}."
    if unknown:
        return f"The alert '{title}' could not be sent: apprise does not recognize {unknown} of {len(urls)} URLs."
    return None if reached else f"The alert '{title}' could not be sent to all {len(urls)} recipients."
