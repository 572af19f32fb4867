"""What PostPyro's implementation promises by a name and a figure alone, of its review: each test is named after a finding. All have one."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import ferrow
from ferrow import driver
from tests.support import maybe

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def test_every_finding_has_a_test() -> None:
    texts = [path.read_text() for path in HERE.glob("test_postpyro_defects*.py")]
    assert {int(number) for text in texts for number in re.findall(r"\bdef test_f_d(\d+)_", text)} == {*range(1, 17)}


async def test_f_d2_what_the_examples_make_of_a_row(conn: Any) -> None:
    row = await maybe(conn.query_one("SELECT 1 AS id, NULL AS name"))
    assert dict(row.items()) == row.to_dict() == {"id": 1, "name": None}
    assert (len(row), [*iter(row)], row.get("name", "x"), row.get(5, "x")) == (2, [1, None], None, "x")
    with pytest.raises(IndexError):
        row[2]


async def test_f_d3_transactions_ask_and_are_ended_by_hand(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (n integer)"))
    for end, left in (("rollback", 0), ("commit", 1)):
        tx = await maybe(conn.begin())
        assert await maybe(tx.execute("INSERT INTO t VALUES ($1)", [7])) == 1
        assert await maybe(tx.query("SELECT n FROM t")) == [(7,)]
        assert await maybe(tx.query_one("SELECT n FROM t")) == (7,)
        await maybe(getattr(tx, end)())
        assert not tx.is_active()
        assert await maybe(conn.query_one("SELECT count(*) FROM t")) == (left,)
        for call in (tx.query, tx.query_one, tx.execute):
            with pytest.raises(driver.ProgrammingError, match="already"):
                await maybe(call("SELECT 1"))


async def test_f_d5_no_number_is_made_smaller_on_its_way(pg: Any) -> None:
    kinds = {
        "real": 0.5,
        "numeric": Decimal("0.1"),
        "double precision": 1 / 3,
        "bigint": -(2**63),
        "smallint": 2**15 - 1,
    }
    for kind, value in kinds.items():
        assert await maybe(pg.query_one(f"SELECT $1::{kind}", [value])) == (value,)
    for kind, value in {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}.items():
        with pytest.raises(driver.DataError):
            await maybe(pg.query_one(f"SELECT $1::{kind}", [value]))


async def test_f_d12_the_calls_of_pep_249_do_what_they_are_for(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (n integer, name text)"))
    cursor = conn.cursor()
    await maybe(cursor.executemany("INSERT INTO t VALUES (:1, :2)", [(1, "a"), (2, "b"), (3, "c")]))
    assert cursor.rowcount == 3
    await maybe(conn.commit())
    await maybe(cursor.execute("DELETE FROM t"))
    await maybe(conn.rollback())
    await maybe(cursor.execute("SELECT n, name FROM t ORDER BY n"))
    (number, kind, *_), (name, other, *_) = cursor.description
    assert (number, name) == ("n", "name")
    assert (kind == driver.NUMBER, kind == driver.STRING, other == driver.STRING) == (True, False, True)
    assert await maybe(cursor.fetchone()) == (1, "a")
    assert await maybe(cursor.fetchmany(1)) == [(2, "b")]
    assert await maybe(cursor.fetchall()) == [(3, "c")]
    assert driver.Binary(b"\x00") == b"\x00"
    await maybe(cursor.close())
    await maybe(conn.rollback())


def test_f_d15_the_version_is_that_of_the_sources_and_what_goes_wrong_is_noticed() -> None:
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {workspace["workspace"]["package"]["version"], project["version"]} == {ferrow.__version__}
    release = workspace["profile"]["release"]
    assert release.get("panic", "unwind") == "unwind"
    for crate in ("pgwire", "pycore"):
        assert release["package"][crate] == {"overflow-checks": True}


async def test_f_d16_a_column_of_another_type_is_read_as_what_it_is(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a integer); INSERT INTO t VALUES (1)"))
    select = await maybe(pg.prepare("SELECT a FROM t"))
    for kind, value in (("integer", 1), ("text", "1"), ("numeric", Decimal(1)), ("text[]", ["1"])):
        using = "ARRAY[a::text]" if kind == "text[]" else f"a::{kind}"
        await maybe(pg.script(f"ALTER TABLE t ALTER a TYPE {kind} USING {using}"))
        assert await maybe(pg.query(select)) == [(value,)]
        assert await maybe(pg.query("SELECT a FROM t WHERE a = $1", [value])) == [(value,)]
