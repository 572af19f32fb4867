"""Modules of Python that have to be compiled, and of which there is no wheel: this machine's own, else its distribution's."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType

from tests.support.packages.missing import Missing, Unfit
from tests.support.packages.unpacked import unpacked

_FOLDER = Path("usr/lib/python3/dist-packages")


def mysqlclient() -> ModuleType:
    """mysqlclient's `MySQLdb`, of which PyPI has no wheels for Linux. Raises Missing."""
    return _module("MySQLdb", "python3-mysqldb")


def _module(name: str, package: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError:
        pass
    root = unpacked(package)
    folder = root / _FOLDER
    if not [path for path in (folder / name).glob("*.so") if f".{path.name.partition('.')[2]}" in EXTENSION_SUFFIXES]:
        version = ".".join(map(str, sys.version_info[:2]))
        raise Unfit(f"{name} is not installed, and {package} of the distribution is not for Python {version}")
    _load(root)
    sys.path.append(str(folder))
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Missing(f"{name} of {package} cannot be imported: {error}") from error
    finally:
        sys.path.remove(str(folder))


def _load(root: Path) -> None:
    """Have the unpacked libraries found by what is linked to them: by their names, once they are loaded."""
    for plugins in root.glob("usr/lib/*/libmariadb3/plugin"):  # how to log in to MySQL
        os.environ.setdefault("MARIADB_PLUGIN_DIR", str(plugins))
    left = [path for path in sorted(root.glob("usr/lib/*/*.so.*")) if not path.is_symlink()]
    before = len(left) + 1
    while left and len(left) < before:  # one may need another
        before = len(left)
        left = [path for path in left if not _loaded(path)]


def _loaded(path: Path) -> bool:
    try:
        ctypes.CDLL(str(path))
    except OSError:
        return False
    return True
