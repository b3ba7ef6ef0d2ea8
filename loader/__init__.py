"""The loader of the spark9 project: onboard clients, load waves, correct them. `spark9` is a thin layer on it.

The public names are in __init__.pyi and nowhere else; each is imported when it is first asked for, since a command
that prints help needs none of them.
"""

from importlib import import_module
from typing import Any

import lazy_loader

_declared, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """A public name; until 0.2.0 those of ops were here too, and are still found."""
    beside = import_module("ops")
    return getattr(beside, name) if name in beside.__all__ else _declared(name)
