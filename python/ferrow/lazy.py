"""Packages whose names are imported on first use, so that a program pays only for what it uses (PEP 562).

if not TYPE_CHECKING:  # type checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), {"Session": "session"})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def lazy(package: str, namespace: dict[str, Any], homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package.

    Args:
        package: its `__name__`.
        namespace: its `globals()`, which keep what was found.
        homes: for every public name the module below the package that has it; "" for a module of that name itself, and a name
            that begins with a dot for a module beside the package.
    """

    def __getattr__(name: str) -> Any:
        from importlib import import_module

        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = import_module(f".{home or name}", package)
        value = getattr(found, name) if home else found
        namespace[name] = value
        return value

    return __getattr__
