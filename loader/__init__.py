"""The loader of the spark9 project: onboard clients, load waves, correct them. `spark9` is a thin layer on it.

The public names are in __init__.pyi and nowhere else; each is imported when it is first asked for, since a command
that prints help needs none of them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
