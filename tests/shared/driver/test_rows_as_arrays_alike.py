"""Many rows that go as arrays have the values, the errors and the order that single ones have."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow.errors import CheckViolation, DataError, ProgrammingError, QueryTimeout, UniqueViolation
from ferrow.wire.arrays import _TYPES, FEW
from tests.support import entered, maybe
from tests.support.rows_as_arrays import INSERT, TUPLES, _counts, _ready, _rows
from tests.support.values import ALL, same

pytestmark = pytest.mark.postgresql
NAMES = {
    "boolean": 16,
    "smallint": 21,
    "integer": 23,
    "bigint": 20,
    "real": 700,
    "double precision": 701,
    "numeric": 1700,
    "text": 25,
    "varchar": 1043,
    "char(5)": 1042,
    "bytea": 17,
    "uuid": 2950,
    "json": 114,
    "jsonb": 3802,
    "date": 1082,
    "time": 1083,
    "timestamp": 1114,
    "timestamptz": 1184,
    "timetz": 1266,
    "interval": 1186,
}
KINDS = [kind for kind in ALL if kind.sql in NAMES]


def test_every_type_that_goes_this_way_is_tried() -> None:
    assert {NAMES[kind.sql] for kind in KINDS} == {*_TYPES}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_values_are_what_one_row_makes_of_them(postgresql_conn: Any, data: st.DataObject) -> None:
    row = st.tuples(*[st.none() | kind.values for kind in KINDS])
    drawn = data.draw(st.lists(row, min_size=1, max_size=3))
    rows = [(number, *drawn[number % len(drawn)]) for number in range(FEW)]
    sql = f"INSERT INTO every VALUES ({', '.join(f'${place}' for place in range(1, len(KINDS) + 2))})"
    postgresql_conn.script("TRUNCATE every")
    answer = postgresql_conn.run_many(sql, rows)
    assert answer.status == f"INSERT 0 {FEW}"  # all in one
    found = postgresql_conn.run("SELECT * FROM every ORDER BY number", None, TUPLES).rows
    postgresql_conn.script("TRUNCATE every")
    postgresql_conn.run_many(sql, iter(rows))
    assert same(found, postgresql_conn.run("SELECT * FROM every ORDER BY number", None, TUPLES).rows)


@pytest.fixture
def postgresql_conn(postgresql_url: str) -> Any:
    with driver.connect(postgresql_url) as conn:
        columns = ", ".join(f"c{number} {kind.sql}" for number, kind in enumerate(KINDS))
        conn.script(f"CREATE TABLE every (number int, {columns})")
        yield conn


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ((0, "twice"), UniqueViolation),
        ((9999, "bad"), CheckViolation),
        ((9999, "\0"), DataError),
        ((2**40, "too large"), DataError),
        ((9999, ["a", "b"]), DataError),
        ((9999,), ProgrammingError),
        (9999, Exception),
        ("ab", Exception),
    ],
)
async def test_errors_are_those_of_the_row(pg: Any, inside: bool, bad: Any, error: type) -> None:
    await _ready(pg)
    rows: list[Any] = _rows(1200)
    rows.insert(1100, bad)
    with pytest.raises(error) as by_row:
        await maybe(pg.run_many(INSERT, iter(rows)))
    if inside:
        await maybe(pg.script("BEGIN; INSERT INTO t VALUES (-1, 'before')"))
    with pytest.raises(error) as found:
        await maybe(pg.run_many(INSERT, rows))
    assert (str(found.value), type(found.value)) == (str(by_row.value), type(by_row.value))
    for name in ("row", "query", "sqlstate", "__notes__"):
        assert getattr(found.value, name, None) == getattr(by_row.value, name, None)
    if inside:
        sent = getattr(found.value, "sqlstate", None) is not None and error in (UniqueViolation, CheckViolation)
        assert str(pg.status) == ("failed" if sent else "transaction")
        await maybe(pg.script("ROLLBACK"))
    assert await _counts(pg) == (0, 0)


async def test_lists_are_values_of_json_and_nothing_else(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (id int, word jsonb)"))
    await maybe(pg.prepare(INSERT))
    rows = [(number, [number, [number]]) for number in range(FEW)]
    assert (await maybe(pg.run_many(INSERT, rows))).status == f"INSERT 0 {FEW}"
    assert (await maybe(pg.run("SELECT id, word FROM t ORDER BY id", None, TUPLES))).rows == rows


async def test_a_type_that_has_changed_since(pg: Any) -> None:
    await _ready(pg)
    await maybe(pg.run_many(INSERT, _rows(FEW)))
    await maybe(pg.script("ALTER TABLE t ALTER id TYPE text"))
    rows = [(f"n{number}", "word") for number in range(FEW)]
    assert (await maybe(pg.run_many(INSERT, rows))).rowcount == FEW
    assert (await _counts(pg))[0] == 2 * FEW


async def test_others_see_the_rows_in_the_order_of_the_calls(pg: Any) -> None:
    if not inspect.iscoroutinefunction(pg.query):
        pytest.skip("about tasks")
    await _ready(pg)
    count = "SELECT count(*) FROM t"

    async def look() -> list[int]:
        found = await asyncio.gather(
            pg.query_one(count),
            pg.run_many(INSERT, _rows(FEW)),
            pg.query_one(count),
            pg.run_many(INSERT, _rows(FEW, 1000)),
            pg.query_one(count),
        )
        return [found[at][0] for at in (0, 2, 4)]

    assert await look() == [0, FEW, 2 * FEW]
    await maybe(pg.script("TRUNCATE t"))
    async with entered(pg.transaction()):
        assert await look() == [0, FEW, 2 * FEW]


async def test_a_savepoint_of_the_same_name_is_left_alone(pg: Any) -> None:
    await _ready(pg)
    await maybe(
        pg.script("BEGIN; INSERT INTO t VALUES (-1, 'a'); SAVEPOINT ferrow_many; INSERT INTO t VALUES (-2, 'b')")
    )
    await maybe(pg.run_many(INSERT, _rows(FEW)))
    with pytest.raises(UniqueViolation):
        await maybe(pg.run_many(INSERT, _rows(FEW)))
    await maybe(pg.script("ROLLBACK TO SAVEPOINT ferrow_many; COMMIT"))
    assert (await _counts(pg))[0] == 1


async def test_a_deadline_is_about_the_statement_that_was_asked_for(pg: Any) -> None:
    await _ready(pg)
    await maybe(
        pg.script(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'"
        )
    )
    await maybe(pg.script("CREATE TRIGGER slowly BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION slow()"))
    with pytest.raises(QueryTimeout, match=r"VALUES \(\$1, \$2\)") as found:
        await maybe(pg.run_many(INSERT, _rows(FEW), timeout=0.2))
    assert found.value.query == INSERT
    assert (await _counts(pg))[0] == 0
