"""What SQLite's own abilities are given in place of names and numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import InterfaceError, ProgrammingError
from tests.support import maybe

CALLS: dict[str, Callable[[Any], Any]] = {
    "table": lambda it: it.open_blob(5, "a", 1),
    "column": lambda it: it.open_blob("t", b"a", 1),
    "schema": lambda it: it.open_blob("t", "a", 1, schema=5),
    "rowid": lambda it: it.open_blob("t", "a", "1"),
    "high rowid": lambda it: it.open_blob("t", "a", 2**63),
    "readonly": lambda it: it.open_blob("t", "a", 1, readonly="false"),
    "collation": lambda it: it.create_collation(5, lambda a, b: 0),
    "function": lambda it: it.create_function(5, abs),
    "arguments": lambda it: it.create_function("f", abs, arguments="1"),
    "many arguments": lambda it: it.create_function("f", abs, arguments=2**40),
    "aggregate": lambda it: it.create_aggregate(None, None),
    "window": lambda it: it.create_window_function(5, None),
    "limit": lambda it: it.limit(5, 1),
    "value": lambda it: it.limit("length", "1"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_names_and_numbers(lite: Any, call: Any) -> None:
    with pytest.raises(ProgrammingError):
        await maybe(call(lite.sqlite))


async def test_a_limit_beyond_all(lite: Any) -> None:
    """It is cut to what there is."""
    before = await maybe(lite.sqlite.limit("column", 2**40))
    assert await maybe(lite.sqlite.limit("column")) == before


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800"])
async def test_paths_that_are_none(lite: Any, tmp_path: Path, bad: str) -> None:
    for call in (lite.sqlite.backup, lite.sqlite.restore):
        with pytest.raises(InterfaceError, match="path"):
            await maybe(call(bad))
    with pytest.raises(InterfaceError, match="vfs="):
        driver.connect(f"sqlite:///{tmp_path}/x.db", vfs=bad)
