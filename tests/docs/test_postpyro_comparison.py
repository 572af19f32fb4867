"""The table of PostPyro's document that compares it with other drivers: what its column says has to be true of ours."""

from __future__ import annotations

import asyncio
import importlib.metadata
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import ferrow
from ferrow import _core, driver
from tests.docs.postpyro import LINES

ROOT = Path(__file__).resolve().parents[2]


def table() -> dict[str, str]:
    """What is said of it, by feature."""
    start = LINES.index("### Comparison with Other Drivers") + 4
    rows = [line.strip("|").split("|") for line in LINES[start : LINES.index("", start)]]
    return {row[0].strip().lower(): row[1].strip() for row in rows}


def language() -> None:
    """Rust + Python"""
    assert Path(str(_core.__file__)).suffix in {".so", ".pyd", ".dylib"}
    assert driver.Row is _core.Row
    assert Path(str(ferrow.__file__)).suffix == ".py"


def performance() -> None:
    """⭐⭐⭐⭐⭐"""
    # Stars are no test; that we are measured beside all of these is.
    cases = "".join(path.read_text() for path in (ROOT / "bench" / "cases").glob("pg_*.py"))
    assert [name for name in ("psycopg", "asyncpg") if f"import {name}" not in cases] == []


def memory_safety() -> None:
    """✅ Rust"""
    # Whatever a server says goes through this crate.
    assert "#![forbid(unsafe_code)]" in (ROOT / "crates" / "pgwire" / "src" / "lib.rs").read_text()


def installation() -> None:
    """📦 Wheel"""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["build-system"]["build-backend"] == "maturin"
    assert project["tool"]["maturin"]["module-name"] == _core.__name__


def dependencies() -> None:
    """🎯 Zero"""
    assert [each for each in importlib.metadata.requires("ferrow") or [] if "extra ==" not in each] == []


def api_simplicity() -> None:
    """✅ Simple"""

    async def awaited() -> list[driver.Row]:
        async with await driver.connect_async("sqlite::memory:") as conn:
            return await conn.query("SELECT ? AS n", [7])

    with driver.connect("sqlite::memory:") as conn:
        assert conn.query("SELECT ? AS n", [7]) == asyncio.run(awaited()) == [(7,)]


ROWS: list[Callable[[], None]] = [language, performance, memory_safety, installation, dependencies, api_simplicity]


def test_every_row_is_tested() -> None:
    assert table() == {row.__name__.replace("_", " "): row.__doc__ for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_row(row: Callable[[], None]) -> None:
    row()
