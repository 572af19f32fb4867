"""Every async class has its sync twin: the manifest forgets none."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path
from typing import Any

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


ONLY_ASYNC = {
    "aclose": "what contextlib.aclosing calls",
    "borrowed": "for the rooms above",
    "leaving": "for the rooms above",
    "limits": "for the rooms above",
    "source": "for the rooms above",
    "world": "how waiting is done",
    "sync": "the other colour",
}
ONLY_SYNC = {"aio": "the other colour", "create_all_async": "the other colour", "drop_all_async": "the other colour"}


PAIRS = [
    (module, name, room.module, twin)
    for room in MANIFEST
    for module, classes in room.classes.items()
    for name, twin in classes.items()
    # Bases, which nobody sees: those of the hub divide its names otherwise.
    if twin not in {*room.parts, "HubFinding"}
]


@pytest.mark.parametrize(("module", "name", "sync_module", "twin"), PAIRS, ids=[f"{one[0]}.{one[1]}" for one in PAIRS])
def test_both_colours_have_the_same_names(module: str, name: str, sync_module: str, twin: str) -> None:
    """But for what is `@async_only`, which is listed here with its reason."""
    kinds = getattr(import_module(module), name), getattr(import_module(sync_module), twin)
    one, other = ({member for member in dir(kind) if not member.startswith("_")} for kind in kinds)
    assert one - other - ONLY_ASYNC.keys() == set()
    assert other - one - ONLY_SYNC.keys() == set()


def called(kind: type, member: str) -> list[tuple[str, Any, Any]] | None:
    """What a member is called with, but for how waiting is done; None if it is not called at all."""
    found = getattr(kind, member)
    if not inspect.isroutine(found):
        return None
    parameters = inspect.signature(found).parameters.values()
    return [(each.name, each.kind, each.default) for each in parameters if each.name != "world"]


@pytest.mark.parametrize(("module", "name", "sync_module", "twin"), PAIRS, ids=[f"{one[0]}.{one[1]}" for one in PAIRS])
def test_both_colours_are_called_alike(module: str, name: str, sync_module: str, twin: str) -> None:
    """Some of the sync members are written by hand."""
    one, other = getattr(import_module(module), name), getattr(import_module(sync_module), twin)
    members = {member for member in dir(one) if not member.startswith("_")} & {*dir(other)}
    assert {each: called(other, each) for each in members} == {each: called(one, each) for each in members}
