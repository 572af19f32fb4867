"""`?` in raw SQL."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.orm.raw import native
from ferrow.sql.dialect import POSTGRESQL, SQLITE

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
    ("SELECT 1", [1], "SELECT 1"),
]


@pytest.mark.parametrize(("sql", "params", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_postgresql(sql: str, params: Any, expected: str) -> None:
    assert native(sql, params, POSTGRESQL) == expected


@pytest.mark.parametrize(("sql", "params", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_sqlite_has_them(sql: str, params: Any, expected: str) -> None:
    assert native(sql, params, SQLITE) == sql


def test_named_parameters_are_left_alone() -> None:
    assert native("SELECT ?", {"a": 1}, POSTGRESQL) == "SELECT ?"


def test_what_is_no_list_is_left_to_the_core() -> None:
    assert native("SELECT ?", 1, POSTGRESQL) == "SELECT ?"  # type: ignore[arg-type]
