"""Cached query results, valid until the figures or the viewer's clients change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from app.marts import Marts

_Values = ParamSpec("_Values")
_Found = TypeVar("_Found")
_MOST_KEPT = 1_000


def cached(
    marts: Marts, query: Callable[Concatenate[Marts, _Values], _Found], *values: _Values.args, **named: _Values.kwargs
) -> _Found:
    """The result of a query; run once for the same figures, clients and values."""
    found: _Found = _cached(marts.key, f"{query.__module__}.{query.__qualname__}", values, named, query, marts)
    return found


@st.cache_data(max_entries=_MOST_KEPT, show_spinner=False)
def _cached(key: str, name: str, values: Any, named: Any, _query: Any, _marts: Marts) -> Any:
    del key, name  # the cache key
    return _query(_marts, *values, **named)
