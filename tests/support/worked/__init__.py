"""What units of work are tested with, in each model style: `items` whose documents and lists change in place, `nodes` that refer to each other, `accounts` with a version."""

from __future__ import annotations

import importlib
from types import ModuleType


def worked(style: str) -> ModuleType:
    """The module with `Item`, `Node` and `Account` in the given style."""
    return importlib.import_module(f"tests.support.worked.{style}_style")
