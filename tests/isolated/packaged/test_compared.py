"""Every row of PostPyro's comparison with other drivers, as what it can mean here. Of speed a test says only what no clock is needed for."""

from __future__ import annotations

import ast
import asyncio
import re
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

import bench.cases  # noqa: F401  # fills the list
from bench.case import CASES, GROUPS
from bench.report.targets import GOALS
from ferrow import driver
from tests.docs.postpyro import LINES
from tests.support.installing import ROOT, Environment
from tests.support.relay import Counter, relayed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def comparison() -> dict[str, str]:
    """What the document says of itself, by the first cell of the row."""
    start = LINES.index("### Comparison with Other Drivers") + 2
    lines = LINES[start : LINES.index("", start)]
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert head == ["Feature", "PostPyro", "psycopg2", "asyncpg", "psycopg3"]
    return {feature: ours for feature, ours, *_ in rows}


def test_every_row_has_a_test() -> None:
    assert comparison() == {
        "Language": "Rust + Python",
        "Performance": "⭐⭐⭐⭐⭐",
        "Memory Safety": "✅ Rust",
        "Installation": "📦 Wheel",
        "Dependencies": "🎯 Zero",
        "API Simplicity": "✅ Simple",
    }
    tests = [name for name in globals() if name.startswith("test_row_")]
    assert {name.removeprefix("test_row_").split("__")[0] for name in tests} == {
        feature.lower().replace(" ", "_") for feature in comparison()
    }


# --- Language ------------------------------------------------------------------------------------------------------------


def test_row_language(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    kinds: dict[str, list[str]] = {}
    for name in archive.namelist():
        if name.startswith("ferrow/"):
            kinds.setdefault(Path(name).suffix, []).append(name)
    [compiled] = kinds.pop(".so")
    assert {*kinds} == {".py", ".pyi", ".typed"}
    # A panic would say where in our sources: these are in it. libpq, by which the others written in C talk, is not.
    content = archive.read(compiled)
    assert b"crates/pycore/src/" in content
    assert b"crates/pgwire/src/" in content
    assert b"libpq" not in content


def test_row_language__our_own_part_of_it_is_rust_alone() -> None:
    sources = [path for path in (ROOT / "crates").glob("*/src/**/*") if path.is_file()]
    assert len(sources) > 100
    assert {path.suffix for path in sources} == {".rs"}
    assert not [*(ROOT / "crates").glob("*/build.rs")]


# --- Performance ---------------------------------------------------------------------------------------------------------

SYNC_PEERS = ("psycopg2", "psycopg ")
ASYNC_PEERS = ("asyncpg",)


@pytest.mark.parametrize("group", ["pg-point", "pg-rows", "pg-many", "pg-copy"])
@pytest.mark.parametrize("loop", ["sync", "asyncio", "uvloop"])
def test_row_performance__measured_against_all_three_and_meant_to_be_faster(group: str, loop: str) -> None:
    """`make bench` measures; what it prints says whether the goal has been reached."""
    name = f"{group}-{loop}"
    peers = [case.name for case in CASES.values() if case.group is GROUPS[name] and case.kind == "driver"]
    for peer in SYNC_PEERS if loop == "sync" else ASYNC_PEERS:
        assert any(found.startswith(peer) for found in peers), (peer, peers)
    goals = [goal for goal in GOALS[name] if goal.peer in ("driver", *peers) and "ferrow" in goal.kinds]
    assert any(goal.at_most < 1 and not goal.named for goal in goals), goals


@pytest.mark.postgresql
async def test_row_performance__waits_for_the_server_no_oftener_than_the_others(postgresql_url: str) -> None:
    counter = Counter()
    rows = [(number,) for number in range(300)]

    def with_ours(url: str) -> tuple[list[int], list[int]]:
        with driver.connect(url) as conn:
            conn.script("CREATE TEMPORARY TABLE t (n integer)")
            cursor = conn.cursor()
            conn.autocommit = True
            return trips(
                lambda: conn.query("SELECT n FROM t WHERE n = $1", [7]),
                lambda: cursor.executemany("INSERT INTO t VALUES ($1)", rows),
            )

    def with_another(module: Any, url: str) -> tuple[list[int], list[int]]:
        conn = module.connect(url)
        conn.autocommit = True
        cursor = conn.cursor()
        cursor.execute("CREATE TEMPORARY TABLE t (n integer)")
        try:
            return trips(
                lambda: (cursor.execute("SELECT n FROM t WHERE n = %s", (7,)), cursor.fetchall()),
                lambda: cursor.executemany("INSERT INTO t VALUES (%s)", rows),
            )
        finally:
            conn.close()

    def trips(*calls: Any) -> Any:
        found = []
        for call in calls:
            each = []
            for _ in range(3):
                before = counter.trips
                call()
                each.append(counter.trips - before)
            found.append(each)
        return found

    psycopg, psycopg2 = pytest.importorskip("psycopg"), pytest.importorskip("psycopg2")
    async with relayed(postgresql_url, counter.said, counter.answered) as url:
        point, many = await asyncio.to_thread(with_ours, url)
        assert (point[1:], many[1:]) == ([1, 1], [1, 1])
        for module in (psycopg2, psycopg):
            others = await asyncio.to_thread(with_another, module, url)
            for ours, theirs in zip((point, many), others, strict=True):
                assert ours[-1] <= theirs[-1], module


# --- Memory Safety -------------------------------------------------------------------------------------------------------


def test_row_memory_safety__the_protocol_is_safe_rust() -> None:
    assert re.search(r"^#!\[forbid\(unsafe_code\)\]$", (ROOT / "crates/pgwire/src/lib.rs").read_text(), re.MULTILINE)
    for path in (ROOT / "crates/pgwire").rglob("*.rs"):
        assert not re.search(r"\bunsafe\b\s*(\{|fn|impl|extern)", path.read_text()), path


def test_row_memory_safety__what_is_unsafe_elsewhere_says_why_it_may_be() -> None:
    """Clippy looks at each block; here it is made sure that it is asked to, everywhere, and that its word counts."""
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]
    assert workspace["lints"]["clippy"]["undocumented_unsafe_blocks"] == "warn"
    for member in workspace["members"]:
        assert tomllib.loads((ROOT / member / "Cargo.toml").read_text())["lints"] == {"workspace": True}
    clippy = [line.strip() for line in (ROOT / "Makefile").read_text().splitlines() if "cargo clippy" in line]
    assert clippy == ["$(SIGNED) cargo clippy --quiet --release --workspace --all-targets -- -D warnings"]
    for path in (ROOT / "crates").rglob("*.rs"):
        assert "undocumented_unsafe_blocks" not in path.read_text(), path


# --- Installation --------------------------------------------------------------------------------------------------------


def test_row_installation(environment: Environment, wheel: Path) -> None:
    """From a wheel, where there is nothing to compile with, and nothing was compiled."""
    assert wheel.suffix == ".whl"
    tools = "import shutil; print([shutil.which(name) for name in ('cc', 'gcc', 'cargo', 'rustc', 'make', 'maturin')])"
    assert environment.python("-c", tools) == f"{[None] * 6}\n"
    with pytest.raises(AssertionError, match="maturin"):  # so that a source distribution would have failed
        environment.pip("install", "--no-index", "--no-build-isolation", "--force-reinstall", ROOT)
    assert environment.python("-c", "import ferrow.driver as pg; print(pg.get_version())") == f"{driver.__version__}\n"


# --- Dependencies --------------------------------------------------------------------------------------------------------

EXTRAS = {
    "ferrow.crud.model": "pydantic",
    "ferrow.crud.partial_*": "pydantic",
    "ferrow.driver.sqlalchemy*": "sqlalchemy",
    "ferrow.wire.*mysql*": "mysql",
    "ferrow.wire.dbapi.drivers.*": "a driver that the program has",
}
"""What needs more than Python, by the modules that cannot be imported without it."""

IMPORTED = """
import importlib, pkgutil, ferrow, ferrow.errors
for each in pkgutil.walk_packages(ferrow.__path__, "ferrow.", onerror=lambda name: None):
    try:
        importlib.import_module(each.name)
    except ImportError as missing:
        print(each.name)
    except ferrow.errors.NotSupportedError as missing:
        assert "pip install 'ferrow[" in str(missing)
        print(each.name)
    else:
        print("imported")
"""


def test_row_dependencies__none_is_required(environment: Environment) -> None:
    for line in environment.distribution().metadata.get_all("Requires-Dist") or []:
        assert re.search(r"extra == '\w+'$", line), line
    assert {path.name.split("-")[0] for path in environment.packages.iterdir()} == {"ferrow"}


def test_row_dependencies__nothing_is_missing_but_what_extras_are_for(environment: Environment) -> None:
    said = environment.python("-c", IMPORTED).split()
    assert said.count("imported") > 500
    missing = {name for name in said if name != "imported"}
    assert {name for name in missing if not any(fnmatch(name, pattern) for pattern in EXTRAS)} == set()
    assert {pattern for pattern in EXTRAS if not any(fnmatch(name, pattern) for name in missing)} == set()


# --- API Simplicity ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plain", "awaited"])
def test_row_api_simplicity(environment: Environment, name: str) -> None:
    """Three lines in either call style, in a file that type checkers have nothing to say about (tests/typing)."""
    file = ROOT / "tests/typing/ok_shortest.py"
    source = file.read_text()
    functions = {each.name: each for each in ast.parse(source).body if hasattr(each, "name")}
    assert {*functions} == {"plain", "awaited"}
    body = functions[name].body  # type: ignore[attr-defined]  # both are functions
    assert len({node.lineno for each in body for node in ast.walk(each) if hasattr(node, "lineno")}) == 3
    call = f"{name}('sqlite::memory:')"
    run = call if name == "plain" else f"__import__('asyncio').run({call})"
    assert environment.python("-c", f"{source}\nprint({run})") == "Ada\n"
