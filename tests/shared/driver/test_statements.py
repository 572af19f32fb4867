"""Statements, rows and errors on every backend, in both colours."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from ferrow._core import Row
from ferrow.errors import (
    CheckViolation,
    DatabaseError,
    ForeignKeyViolation,
    InterfaceError,
    MultipleResultsFound,
    NoResultFound,
    NotNullViolation,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import entered, maybe

SCHEMA = """
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE item (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    size integer CHECK (size > 0),
    parent_id integer REFERENCES parent (id)
)
"""


async def test_a_round(conn: Any) -> None:
    await maybe(conn.script(SCHEMA))
    assert await maybe(conn.execute("INSERT INTO item (id, name) VALUES ($1, $2), ($3, $4)", [1, "a", 2, "b"])) == 2
    rows = await maybe(conn.query("SELECT id, name, size FROM item ORDER BY id"))
    assert [tuple(row) for row in rows] == [(1, "a", None), (2, "b", None)]
    assert await maybe(conn.execute("UPDATE item SET size = 5 WHERE id = 1")) == 1
    assert await maybe(conn.execute("DELETE FROM item WHERE id > 5")) == 0
    assert await maybe(conn.execute("CREATE TABLE other (id integer)")) == 0
    assert (await maybe(conn.query_one("SELECT size FROM item WHERE id = $1", [1])))["size"] == 5


async def test_execute_returning_gives_the_row_count(conn: Any) -> None:
    await maybe(conn.script(SCHEMA))
    assert await maybe(conn.execute("INSERT INTO item (id, name) VALUES (7, 'x') RETURNING id")) == 1
    assert (await maybe(conn.query_one("INSERT INTO item (id, name) VALUES (8, 'y') RETURNING id")))[0] == 8


async def test_one_row_or_an_error(conn: Any) -> None:
    async with entered(conn.transaction()) as tx:
        for asked in (conn, tx):
            with pytest.raises(NoResultFound, match="none came") as none:
                await maybe(asked.query_one("SELECT 1 WHERE 1 = 0"))
            assert isinstance(none.value, LookupError)
            assert none.value.query == "SELECT 1 WHERE 1 = 0"
            with pytest.raises(MultipleResultsFound, match="2 came"):
                await maybe(asked.query_one("SELECT 1 UNION ALL SELECT 2"))
            assert await maybe(asked.query_one("SELECT 1")) == (1,)


async def test_rows(conn: Any) -> None:
    row = await maybe(conn.query_one("SELECT 1 AS id, 'a' AS name, 2 AS id2"))
    assert isinstance(row, Row)
    assert (row[0], row["name"], row[-1], row[0:2], row["NAME"]) == (1, "a", 2, (1, "a"), "a")
    assert len(row) == 3
    assert list(row) == row.values() == [1, "a", 2]
    assert row.keys() == ["id", "name", "id2"]
    assert dict(row.items()) == row.to_dict() == {"id": 1, "name": "a", "id2": 2}
    assert (row.get("nope"), row.get("nope", 5), row.get(9), row.get("id")) == (None, 5, None, 1)
    assert row == (1, "a", 2)
    assert hash(row) == hash((1, "a", 2))
    assert 1 in row
    assert repr(row) == "Row(id=1, name='a', id2=2)"
    copy = pickle.loads(pickle.dumps(row))
    assert (copy, copy["name"]) == (row, "a")
    with pytest.raises(KeyError, match="no column 'nope'"):
        row["nope"]
    with pytest.raises(IndexError, match="out of range"):
        row[3]
    with pytest.raises(TypeError, match="position, slice or column name"):
        row[1.5]


async def test_of_columns_with_the_same_name_the_last_wins(conn: Any) -> None:
    row = await maybe(conn.query_one("SELECT 1 AS a, 2 AS a"))
    assert (row["a"], row[0], list(row)) == (2, 1, [1, 2])


@pytest.mark.parametrize(
    ("sql", "kind", "sqlstate"),
    [
        ("INSERT INTO item (id, name) VALUES (1, 'again')", UniqueViolation, "23505"),
        ("INSERT INTO item (id, name) VALUES (9, 'a')", UniqueViolation, "23505"),
        ("INSERT INTO item (id) VALUES (9)", NotNullViolation, "23502"),
        ("INSERT INTO item (id, name, size) VALUES (9, 'x', -1)", CheckViolation, "23514"),
        ("INSERT INTO item (id, name, parent_id) VALUES (9, 'x', 77)", ForeignKeyViolation, "23503"),
    ],
)
async def test_violations_have_their_class(conn: Any, sql: str, kind: type[DatabaseError], sqlstate: str) -> None:
    await maybe(conn.script(SCHEMA))
    await maybe(conn.execute("INSERT INTO item (id, name) VALUES (1, 'a')"))
    with pytest.raises(kind) as caught:
        await maybe(conn.execute(sql))
    assert caught.value.sqlstate == sqlstate
    assert caught.value.query == sql
    assert (await maybe(conn.query_one("SELECT count(*) FROM item")))[0] == 1


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT nope", "SELECT * FROM nope"])
async def test_wrong_sql(conn: Any, sql: str) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(conn.query(sql))
    assert caught.value.query == sql
    assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


async def test_a_batch_is_all_or_nothing(conn: Any) -> None:
    from ferrow._core import Shape

    await maybe(conn.script(SCHEMA))
    insert = "INSERT INTO item (id, name) VALUES ($1, $2) RETURNING id"
    result = await maybe(conn.run_many(insert, [(n, f"n{n}") for n in range(1000)], Shape.column()))
    assert result.rows == list(range(1000))
    with pytest.raises(UniqueViolation):
        await maybe(conn.run_many(insert, [(2000, "new"), (1, "n1"), (2001, "newer")], Shape.column()))
    assert (await maybe(conn.query_one("SELECT count(*) FROM item")))[0] == 1000
    assert (await maybe(conn.run_many(insert, [], Shape.column()))).rows == []


async def test_after_close(conn: Any) -> None:
    assert await maybe(conn.ping())
    await maybe(conn.close())
    assert conn.is_closed()
    with pytest.raises(InterfaceError, match="Connection is closed"):
        await maybe(conn.query("SELECT 1"))
    await maybe(conn.close())
    assert await maybe(conn.ping()) is False


async def test_shapes(conn: Any) -> None:
    from dataclasses import dataclass

    from ferrow._core import Shape

    @dataclass
    class Plain:
        id: int
        name: str

    @dataclass(slots=True, frozen=True)
    class Slotted:
        id: int
        name: str

    sql = "SELECT 1 AS id, 'a' AS name UNION ALL SELECT 2, 'b' ORDER BY 1"

    async def rows(shape: Shape) -> list[Any]:
        return (await maybe(conn.run(sql, None, shape))).rows  # type: ignore[no-any-return]

    assert await rows(Shape.tuples()) == [(1, "a"), (2, "b")]
    assert await rows(Shape.dicts()) == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    assert await rows(Shape.column(1)) == ["a", "b"]
    names = ["id", "name"]
    assert await rows(Shape.instances(Plain, names, build="dict")) == [Plain(1, "a"), Plain(2, "b")]
    assert await rows(Shape.instances(Slotted, names, build="slots")) == [Slotted(1, "a"), Slotted(2, "b")]
    assert await rows(Shape.instances(Plain, names, build="call", convert=[str, None])) == [
        Plain("1", "a"),  # type: ignore[arg-type]
        Plain("2", "b"),  # type: ignore[arg-type]
    ]
    with pytest.raises(InterfaceError, match="Plain is built from 1"):
        await rows(Shape.instances(Plain, ["id"], build="dict"))


async def test_a_constructor_that_raises_leaves_the_connection_usable(conn: Any) -> None:
    from ferrow._core import Shape

    class Picky:
        def __init__(self, id: int) -> None:
            if id == 2:
                raise ValueError("no twos")

    with pytest.raises(ValueError, match="no twos"):
        await maybe(
            conn.run(
                "SELECT 1 AS id UNION ALL SELECT 2 UNION ALL SELECT 3",
                None,
                Shape.instances(Picky, ["id"], build="call"),
            )
        )
    assert (await maybe(conn.query_one("SELECT 4")))[0] == 4
