"""Two tables with every option a declaration can have, in each model style: `Region`, and `Store` in one of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from tests.support.stores import common


def stores(style: str, *, portable: bool = False) -> ModuleType:
    """The module with `Region` and `Store` in the given style; `portable` without the options that MariaDB refuses."""
    name = f"tests.support.stores.{style}_style"
    if not portable:
        return importlib.import_module(name)
    if known := sys.modules.get(f"{name}_portable"):
        return known
    path = Path(__file__).with_name(f"{style}_style.py")
    spec = importlib.util.spec_from_file_location(f"{name}_portable", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"{name}_portable"] = module
    everything, common.STORE_ARGS = common.STORE_ARGS, common.PORTABLE_ARGS
    try:
        spec.loader.exec_module(module)
    finally:
        common.STORE_ARGS = everything
    return module
