"""Names over a given connection of SQLite have to fit the statement, as over one of our own. sqlite3 ignores those that are left over."""

from __future__ import annotations

from collections import UserDict
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from ferrow.wire.dbapi.drivers.sqlite_names import fit
from tests.support import maybe
from tests.support.given import PAIRS

pytestmark = pytest.mark.only(pair=tuple([pair.values[0] for pair in PAIRS if pair.values[0][0].backend == "sqlite"]))
INSERT = "INSERT INTO t VALUES (:a, :b)"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"a": 1}, "no value for 'b'. It takes 'a', 'b'"),
        ({"a": 1, "b": 2, "c": 3}, "no placeholder for 'c'. It takes 'a', 'b'"),
        (UserDict({"a": 1, "B": 2}), "no value for 'b'; no placeholder for 'B'. It takes 'a', 'b'"),
    ],
)
async def test_they_have_to_fit(engine: Any, params: Any, words: str) -> None:
    await maybe(engine.execute("CREATE TABLE t (a, b)"))
    for sql in (INSERT, "SELECT :a, :b"):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(engine.query(sql, params))
        assert str(caught.value) == f"the parameters do not fit the statement: {words}"
    with pytest.raises(ProgrammingError) as caught:
        await maybe(engine.run_many(INSERT, [{"a": 1, "b": 2}, params]))
    assert str(caught.value) == f"the parameters do not fit the statement (row 2): {words}"
    assert await maybe(engine.query("SELECT * FROM t")) == []
    await maybe(engine.run_many(INSERT, [{"a": 1, "b": 2}, UserDict(b=4, a=3)]))
    assert await maybe(engine.query("SELECT * FROM t")) == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT 1", []),
        ("SELECT :a, @a, $a", ["a"]),
        ("SELECT ':b', :a AS \":c\", 1 AS [:d], 1 AS `:e` -- :f\n/* :g */", ["a"]),
        ("SELECT :a AS x$y, 1:b", ["a", "b"]),
        ("SELECT :ä, $a::b, :💡, :1", ["ä", "a::b", "💡", "1"]),
    ],
)
async def test_what_stands_in_texts_and_names_is_none(engine: Any, sql: str, names: list[str]) -> None:
    fit(sql, dict.fromkeys(names, 1))
    with pytest.raises(ProgrammingError, match="no placeholder for 'other'"):
        fit(sql, dict.fromkeys([*names, "other"], 1))
    if "1:b" not in sql:
        await maybe(engine.query(sql, dict.fromkeys(names, 1)))


async def test_placeholders_without_a_name_are_left_to_sqlite3(engine: Any) -> None:
    fit("SELECT ?, :a", {"b": 1})
    with pytest.raises(ProgrammingError):
        await maybe(engine.query("SELECT ?, :a", {"a": 1}))
