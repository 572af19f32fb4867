import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ferrow.errors import ProgrammingError
from ferrow.sql import ColumnRef, Select, TableRef, compile
from ferrow.sql.dialect import ALL, POSTGRESQL, SQLITE, named
from ferrow.types import Integer
from tests.pure.sql.columns import age, t


@pytest.mark.parametrize(
    ("name", "postgresql", "sqlite"),
    [
        ("users", "users", "users"),
        ("_x9", "_x9", "_x9"),
        ("Users", '"Users"', '"Users"'),
        ("9x", '"9x"', '"9x"'),
        ("a b", '"a b"', '"a b"'),
        ('a"b; drop table x', '"a""b; drop table x"', '"a""b; drop table x"'),
        ("größe", '"größe"', '"größe"'),
        ("select", '"select"', '"select"'),
        ("user", '"user"', "user"),
        ("glob", "glob", '"glob"'),
        ("a\n", '"a\n"', '"a\n"'),
    ],
)
def test_quoting(name: str, postgresql: str, sqlite: str) -> None:
    assert (POSTGRESQL.quote(name), SQLITE.quote(name)) == (postgresql, sqlite)


@pytest.mark.parametrize("name", ["", "a\0b", None, 3, b"x"])
def test_what_is_no_name(name: Any) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: TableRef(name),
        lambda: ColumnRef(t, name, Integer()),
        lambda: age.label(name),
    ]
    if name is not None:
        attempts += [lambda: TableRef("t", schema=name), lambda: TableRef("t", alias=name)]
    for attempt in attempts:
        with pytest.raises(ProgrammingError, match="the name of a "):
            attempt()


def test_postgresql_would_cut_long_names_off() -> None:
    fits, too_long = "ä" * 31, "ä" * 32
    assert POSTGRESQL.quote(fits)
    with pytest.raises(ProgrammingError, match="64 bytes"):
        compile(Select([age.of(TableRef(too_long))], TableRef(too_long)), POSTGRESQL)
    assert SQLITE.quote(too_long)


@given(st.text(min_size=1, max_size=20).filter(lambda text: "\0" not in text and text.isprintable()))
@example("SQLITE_")
def test_sqlite_takes_every_quoted_name(name: str) -> None:
    connection = sqlite3.connect(":memory:")
    quoted = SQLITE.quote(name)
    if name.lower().startswith("sqlite_"):  # kept for SQLite's own tables (https://sqlite.org/lang_createtable.html)
        with pytest.raises(sqlite3.OperationalError, match="reserved for internal use"):
            connection.execute(f"CREATE TABLE {quoted} ({quoted} INTEGER)")
        connection.close()
        return
    connection.execute(f"CREATE TABLE {quoted} ({quoted} INTEGER)")
    connection.execute(f"INSERT INTO {quoted} ({quoted}) VALUES (1)")
    query = Select([ColumnRef[int](TableRef(name), name, Integer()).label(name)], TableRef(name))
    cursor = connection.execute(compile(query, SQLITE).sql)
    assert cursor.description[0][0] == name
    assert cursor.fetchall() == [(1,)]
    connection.close()


def test_sqlite_takes_its_keywords_as_names() -> None:
    connection = sqlite3.connect(":memory:")
    for word in sorted(SQLITE.reserved | POSTGRESQL.reserved):
        quoted = SQLITE.quote(word)
        connection.execute(f"CREATE TABLE {quoted} ({quoted} INTEGER)")
        connection.execute(f"SELECT {quoted} FROM {quoted} WHERE {quoted} = 1")
    connection.close()


def test_dialects_by_name() -> None:
    assert named("sqlite") is SQLITE
    assert {dialect.name for dialect in ALL.values()} == {"postgresql", "sqlite", "mysql"}
    with pytest.raises(Exception, match="no SQL dialect 'oracle'; known: postgresql, sqlite, mysql"):
        named("oracle")
