"""Every async class has its sync twin: the manifest forgets none."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from facade import MANIFEST
from facadegen.room import twins

PACKAGE = Path(__file__).resolve().parents[2] / "python"
# `wire` holds the two worlds themselves; what is in it is asynchronous or blocking by purpose.
ROOMS = [path for path in (PACKAGE / "ferrow").iterdir() if path.is_dir() and path.name not in {"wire", "__pycache__"}]


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_every_async_class_is_in_the_manifest(room: Path) -> None:
    found = {
        node.name
        for path in room.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.startswith("Async") and not _generated(path)
    }
    assert sorted(found - set(twins(MANIFEST))) == []


def _generated(path: Path) -> bool:
    return path.name == "_sync.py"
