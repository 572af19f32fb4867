"""Two tables with every option a declaration can have, in each model style: `Region`, and `Store` in one of them."""

from __future__ import annotations

import importlib
from types import ModuleType


def stores(style: str) -> ModuleType:
    """The module with `Region` and `Store` in the given style."""
    return importlib.import_module(f"tests.support.stores.{style}_style")
