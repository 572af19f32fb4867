"""Many rows of parameters on MariaDB and MySQL, whose statements are sent together: all is as if they had been sent one by one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.errors import (
    CheckViolation,
    DatabaseError,
    DataError,
    NotNullViolation,
    OperationalError,
    ProgrammingError,
    QueryTimeout,
    UniqueViolation,
)
from tests.support import entered, maybe
from tests.support.deadlines import eventually
from tests.support.mariadb import is_mysql

pytestmark = pytest.mark.only(backend="mariadb")

ROWS = 2600
INSERT = "INSERT INTO many (n, name) VALUES (?, ?)"
APART = "INSERT INTO many (n, name) VALUES (? + 0, ?)"
"""Its rows are not written into one INSERT; the statements go together all the same."""
UPSERT = "INSERT INTO many (n, name) VALUES (?, ?) ON DUPLICATE KEY UPDATE name = VALUES(name)"
REFUSED: list[tuple[tuple[Any, Any], type[DatabaseError], str]] = [
    ((0, "twice"), UniqueViolation, "Duplicate entry '0'"),
    ((ROWS, "x" * 41), DataError, "Data too long for column 'name' at row 1"),
    ((ROWS, None), NotNullViolation, "Column 'name' cannot be null"),
    ((-1, "a"), CheckViolation, ""),
    ((2**40, "a"), DataError, "Out of range value for column 'n' at row 1"),
]
TRIGGER = """CREATE TRIGGER {0}_fires BEFORE INSERT ON {0} FOR EACH ROW
IF NEW.n = 1777 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one'; END IF"""


def _rows(count: int = ROWS) -> list[tuple[int, str]]:
    return [(number, f"it's; number \\ {number}") for number in range(count)]


async def _table(conn: Any, engine: str = "InnoDB", name: str = "many") -> None:
    await maybe(
        conn.script(
            f"CREATE TABLE {name} (id integer AUTO_INCREMENT PRIMARY KEY, n integer UNIQUE CHECK (n >= 0), name varchar(40) NOT NULL) "
            f"ENGINE {engine}"
        )
    )


async def _count(conn: Any, name: str = "many") -> int:
    return (await maybe(conn.query_one(f"SELECT count(*) FROM {name}")))[0]


def _requests(conn: Any) -> int:
    return conn.wire.inner.requests


@pytest.mark.parametrize("sql", [INSERT, APART, UPSERT, INSERT.replace("INSERT", "REPLACE")])
async def test_they_arrive_in_order_and_in_few_pieces(engine: Any, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        before = _requests(conn)
        assert (await maybe(conn.run_many(sql, _rows()))).rowcount == ROWS
        assert _requests(conn) - before < 15
        found = await maybe(conn.query("SELECT n, name FROM many ORDER BY id"))
        assert [tuple(row) for row in found] == _rows()


@pytest.mark.parametrize("sql", [INSERT, APART, UPSERT])
@pytest.mark.parametrize("place", [1, 2, 1500, ROWS])
async def test_a_value_that_cannot_be_written_names_its_row(engine: Any, sql: str, place: int) -> None:
    """And nothing is sent."""
    rows: list[tuple[Any, ...]] = [*_rows()]
    for wrong, error, note in (
        ((1, object()), DataError, "parameter 2: "),
        ((1,), ProgrammingError, "takes 2 parameters"),
    ):
        rows[place - 1] = wrong
        async with entered(engine.connection()) as conn:
            with pytest.raises(error, match=note) as caught:
                await maybe(conn.run_many(sql, rows))
            assert (caught.value.row, caught.value.__notes__) == (place, [f"in row {place}"])
            assert conn.status.value == "idle"


@pytest.mark.parametrize("sql", [INSERT, APART])
async def test_of_what_they_return_each_has_its_own(engine: Any, sql: str) -> None:
    if is_mysql():
        pytest.skip("MySQL has no RETURNING")
    async with entered(engine.connection()) as conn:
        await _table(conn)
        returned = await maybe(conn.run_many(f"{sql} RETURNING id, n, name", _rows()))
        assert [tuple(row)[1:] for row in returned.rows] == _rows()
        assert returned.rowcount == ROWS
        kept = await maybe(conn.query("SELECT id, n, name FROM many ORDER BY id"))
        assert [tuple(row) for row in returned.rows] == [tuple(row) for row in kept]


@pytest.mark.parametrize("sql", [INSERT, APART])
async def test_the_last_key_is_that_of_the_last_row(engine: Any, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        await maybe(conn.run_many(sql, _rows(20)))
        assert await maybe(conn.query("SELECT LAST_INSERT_ID(), max(id) FROM many")) == [(20, 20)]


async def test_changes_are_counted_one_by_one(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        await maybe(conn.run_many(INSERT, _rows(100)))
        same = [(f"it's; number \\ {number}", number) for number in range(50)]  # found, and not changed
        other = [("another", number) for number in range(50, 150)]  # of which half are there
        update = "UPDATE many SET name = ? WHERE n = ?"
        assert (await maybe(conn.run_many(update, [*same, *other]))).rowcount == 100
        assert (await maybe(conn.run_many(UPSERT, _rows(120)))).rowcount == 120
        assert (
            await maybe(conn.run_many("DELETE FROM many WHERE n = ?", [[n] for n in range(60, 200)]))
        ).rowcount == 60


@pytest.mark.parametrize("sql", [INSERT, APART])
@pytest.mark.parametrize(("bad", "error", "message"), REFUSED)
async def test_the_one_that_is_refused_is_named(
    engine: Any, sql: str, bad: Any, error: type[DatabaseError], message: str
) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        for at in (1, 1000, ROWS - 1):
            rows = _rows()
            rows[at] = bad
            with pytest.raises(error) as caught:
                await maybe(conn.run_many(sql, rows))
            assert (caught.value.row, caught.value.__notes__) == (at + 1, [f"in row {at + 1}"])
            assert message in str(caught.value)
            assert (str(bad[1]) if bad[1] else "NULL") in (caught.value.query or "")
            assert "number" not in (caught.value.query or "")  # of the others
            assert await _count(conn) == 0


async def test_another_key_in_the_way_is_told_as_of_one_row(engine: Any) -> None:
    sql = (
        "INSERT INTO many (id, n, name) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE "
        "name = IF(id <=> VALUES(id), VALUES(name), (SELECT NULL /* another unique key */ UNION ALL SELECT NULL))"
    )
    async with entered(engine.connection()) as conn:
        await _table(conn)
        rows = [(number, number, "a") for number in range(1, 20)]
        with pytest.raises(UniqueViolation, match="has another unique key") as caught:
            await maybe(conn.run_many(sql, [*rows, (20, 7, "b")]))
        assert (caught.value.row, await _count(conn)) == (20, 0)


@pytest.mark.parametrize("sql", [INSERT, APART])
async def test_what_was_done_before_in_a_transaction_stays(engine: Any, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        async with entered(conn.transaction()) as tx:
            await maybe(tx.execute(INSERT, [ROWS, "before"]))
            with pytest.raises(UniqueViolation) as caught:
                await maybe(tx.run_many(sql, [*_rows(), (ROWS, "again")]))
            assert caught.value.row == ROWS + 1
            assert await _count(tx) == 1
            await maybe(tx.run_many(sql, _rows()))
        assert await _count(conn) == ROWS + 1


@pytest.mark.parametrize("sql", [INSERT, APART])
async def test_a_trigger_refuses_one(engine: Any, sql: str) -> None:
    """Of its errors no server says which row they are about."""
    async with entered(engine.connection()) as conn:
        await _table(conn)
        await maybe(conn.execute(TRIGGER.format("many")))
        with pytest.raises(OperationalError, match="not this one") as caught:
            await maybe(conn.run_many(sql, _rows()))
        assert caught.value.row == 1778
        assert await _count(conn) == 0


@pytest.mark.parametrize("sql", [INSERT, APART])
async def test_tables_that_undo_nothing_keep_each_row_once(engine: Any, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE many (n integer, name varchar(40)) ENGINE MyISAM"))
        await maybe(conn.execute(TRIGGER.format("many")))
        with pytest.raises(OperationalError, match="not this one") as caught:
            await maybe(conn.run_many(sql, _rows()))
        assert caught.value.row == 1778 or caught.value.__notes__[0] == "in one of the rows 1001 to 2000"
        assert await _count(conn) == 1777


async def test_a_value_that_is_made_to_fit_is_so_in_every_row(engine: Any) -> None:
    """Without strict mode NULL is an error in an INSERT of one row, and an empty text in one of several."""
    async with entered(engine.connection()) as conn:
        await _table(conn)
        for mode in ("ANSI_QUOTES", "ANSI_QUOTES,STRICT_TRANS_TABLES"):
            await maybe(conn.script(f"SET sql_mode = '{mode}'"))
            with pytest.raises(NotNullViolation) as caught:
                await maybe(conn.run_many(INSERT, [(1, "a"), (2, None), (3, "c")]))
            assert (caught.value.row, await _count(conn)) == (2, 0)


@pytest.mark.parametrize("sql", [INSERT, APART])
async def test_they_are_split_by_what_the_server_takes_at_once(engine: Any, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE many (n integer, name longtext CHARACTER SET utf8mb4)"))
        (limit,) = await maybe(conn.query_one("SELECT @@max_allowed_packet"))
        rows = [(number, "\N{EURO SIGN}" * (limit // 25)) for number in range(10)]
        assert (await maybe(conn.run_many(sql, rows))).rowcount == 10


async def test_a_second_statement_is_refused_as_ever(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        await maybe(conn.run_many(APART, _rows(10)))
        rows = [[number] for number in range(10)]
        for sql in ("DELETE FROM many; DELETE FROM many WHERE n = ?", "DELETE FROM many WHERE n = ?; DELETE FROM many"):
            for params in (rows[0], None):
                with pytest.raises(ProgrammingError):
                    await maybe(conn.run_many(sql, rows) if params is None else conn.execute(sql, params))
        with pytest.raises(ProgrammingError):
            await maybe(conn.query("SELECT 1; SELECT 2"))
        assert await _count(conn) == 10


async def test_the_deadline_is_for_all_of_them(engine: Any) -> None:
    """Each answer comes well in time."""
    async with entered(engine.connection()) as conn:
        await _slow_row(conn)
        with pytest.raises(QueryTimeout) as caught:
            await maybe(conn.run_many("UPDATE many SET name = SLEEP(?)", [[0.05]] * 400, timeout=1))
        assert (caught.value.row or 0) > 3
        assert conn.is_closed()
    assert (await maybe(engine.query_one("SELECT name FROM many")))[0] == "slow"


async def _slow_row(conn: Any) -> None:
    await _table(conn)
    await maybe(conn.execute(INSERT, [1, "slow"]))


@pytest.mark.only(colour="async")
async def test_a_cancelled_caller_leaves_nothing_behind(engine: Any) -> None:
    async with engine.connection() as conn:
        await _slow_row(conn)
        before = _requests(conn)
        work = asyncio.ensure_future(conn.run_many("UPDATE many SET name = SLEEP(?)", [[0.02]] + [[30]] * 10))
        # What the server takes at once is asked; then BEGIN, the first, and the others.
        await eventually("async", lambda: _requests(conn) - before == 4)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert (await engine.query_one("SELECT name FROM many"))[0] == "slow"
