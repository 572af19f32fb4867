"""`?`, `$1` and `:name` in raw SQL, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from ferrow.orm.raw import native
from ferrow.sql.dialect import MYSQL, POSTGRESQL, SQLITE

ROWS: list[tuple[str, Any, str]] = [
    ("SELECT * FROM users WHERE age > ?", [18], "SELECT * FROM users WHERE age > $1"),
    ("SELECT ?, ?", (1, 2), "SELECT $1, $2"),
    ("SELECT $1", [1], "SELECT $1"),
    ("SELECT meta ? $1", [1], "SELECT meta ? $1"),
    ("SELECT meta ? 'x'", None, "SELECT meta ? 'x'"),
    ("SELECT '?', 'it''s ?', \"?\", ?", [1], "SELECT '?', 'it''s ?', \"?\", $1"),
    (r"SELECT E'\' ?', ?", [1], r"SELECT E'\' ?', $1"),
    (r"SELECT '\', ?", [1], r"SELECT '\', $1"),
    ("SELECT $$ ? $$, $tag$ $$ ? $tag$, ?", [1], "SELECT $$ ? $$, $tag$ $$ ? $tag$, $1"),
    ("SELECT ? -- really?\n, ?", [1, 2], "SELECT $1 -- really?\n, $2"),
    ("SELECT /* ? */ ?", [1], "SELECT /* ? */ $1"),
    ("SELECT /* /* ? */ ? */ ?", [1], "SELECT /* /* ? */ ? */ $1"),
    ("SELECT a$1, ?", [1], "SELECT a$1, $1"),
    ("SELECT 1", [1], "SELECT 1"),
]


@pytest.mark.parametrize(("sql", "params", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_postgresql(sql: str, params: Any, expected: str) -> None:
    assert native(sql, params, POSTGRESQL, POSTGRESQL.name) == (expected, params)


SQLITE_ROWS: list[tuple[str, Any, str]] = [
    ("SELECT ?, '?', \"?\", `?`, [?], ? -- ?", [1, 2], "SELECT ?, '?', \"?\", `?`, [?], ? -- ?"),
    ("SELECT ?2, ?1", [1, 2], "SELECT ?2, ?1"),
    ("SELECT $2, $1, '$3'", [1, 2], "SELECT ?2, ?1, '$3'"),
    ("SELECT $name", {"name": 1}, "SELECT $name"),
    ("SELECT @name", {"name": 1}, "SELECT @name"),
]


@pytest.mark.parametrize(("sql", "params", "expected"), SQLITE_ROWS, ids=[row[0] for row in SQLITE_ROWS])
def test_sqlite(sql: str, params: Any, expected: str) -> None:
    assert native(sql, params, SQLITE, SQLITE.name) == (expected, params)


MYSQL_ROWS: list[tuple[str, Any, str]] = [
    (r"SELECT 'it\'s ?', ?", [1], r"SELECT 'it\'s ?', ?"),
    ("SELECT ? # why?\n, '?'", [1], "SELECT ? # why?\n, '?'"),
    ("SELECT ?--?\n", [1, 2], "SELECT ?--?\n"),
]


@pytest.mark.parametrize(("sql", "params", "expected"), MYSQL_ROWS, ids=[row[0] for row in MYSQL_ROWS])
def test_mariadb(sql: str, params: Any, expected: str) -> None:
    assert native(sql, params, MYSQL, MYSQL.name) == (expected, params)


NAMED: list[tuple[str, dict[str, Any], str, tuple[Any, ...]]] = [
    ("SELECT :a, :b, :a", {"b": 2, "a": 1}, "SELECT $1, $2, $1", (1, 2)),
    ("SELECT ':a', :a -- :b", {"a": 1}, "SELECT ':a', $1 -- :b", (1,)),
    ('SELECT ":a" /* :b */, :a', {"a": 1}, 'SELECT ":a" /* :b */, $1', (1,)),
    ("SELECT %(a)s", {"a": 1}, "SELECT $1", (1,)),
]


@pytest.mark.parametrize(("sql", "params", "expected", "values"), NAMED, ids=[row[0] for row in NAMED])
def test_names(sql: str, params: Any, expected: str, values: Any) -> None:
    assert native(sql, params, POSTGRESQL, POSTGRESQL.name) == (expected, values)


@pytest.mark.parametrize(("sql", "params"), [row[:2] for row in NAMED], ids=[row[0] for row in NAMED])
def test_names_that_sqlite_knows_itself(sql: str, params: Any) -> None:
    assert native(sql, params, SQLITE, SQLITE.name) == (sql.replace("%(a)s", ":a"), params)


def test_a_cast_is_no_name() -> None:
    assert native("SELECT :a::int, x::text", {"a": 1}, POSTGRESQL, POSTGRESQL.name) == ("SELECT $1::int, x::text", (1,))
    assert native("SELECT $$ :b $$, :a", {"a": 1}, POSTGRESQL, POSTGRESQL.name) == ("SELECT $$ :b $$, $1", (1,))


REFUSED: list[tuple[Any, str, Any, str]] = [
    (POSTGRESQL, "SELECT ?", [1, 2], "1 placeholder ?, 2 parameters were given"),
    (SQLITE, "SELECT ?, ?", [1], "2 placeholders ?, 1 parameter was given"),
    (SQLITE, "SELECT ?, $1", [1, 2], "mixes placeholders"),
    (POSTGRESQL, "SELECT :a", {"b": 1}, "no value for 'a'; no placeholder for 'b'"),
    (SQLITE, "SELECT :a, :b", {"a": 1}, "no value for 'b'"),
    (POSTGRESQL, "SELECT $1", {"a": 1}, "takes $1 by position"),
    (POSTGRESQL, "SELECT ?", {"a": 1}, "takes ? by position"),
    (SQLITE, "SELECT ?", {"a": 1}, "takes ? by position"),
    (POSTGRESQL, "SELECT 1", {"a": 1}, "has no placeholder :name"),
]


@pytest.mark.parametrize(("dialect", "sql", "params", "text"), REFUSED, ids=[f"{r[0].name} {r[1]}" for r in REFUSED])
def test_refused(dialect: Any, sql: str, params: Any, text: str) -> None:
    with pytest.raises(ProgrammingError) as caught:
        native(sql, params, dialect, dialect.name)
    assert text in str(caught.value)


def test_what_is_no_list_is_left_to_the_core() -> None:
    assert native("SELECT ?", 1, POSTGRESQL, POSTGRESQL.name) == ("SELECT ?", 1)  # type: ignore[arg-type]
