"""Many rows for one plain INSERT go as arrays; nothing but the time it takes may tell."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow._core import Shape
from ferrow.errors import CheckViolation, DataError, ProgrammingError, QueryTimeout, UniqueViolation
from ferrow.wire.arrays import _TYPES, FEW, plain
from tests.support import entered, maybe
from tests.support.values import ALL, same

pytestmark = pytest.mark.postgresql

TUPLES = Shape.tuples()
INSERT = "INSERT INTO t (id, word) VALUES ($1, $2)"

# A trigger for each statement says how many there were.
TABLE = """
CREATE TABLE t (id int PRIMARY KEY, word text CHECK (word <> 'bad'));
CREATE TABLE statements (at serial);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO statements DEFAULT VALUES; RETURN NULL; END';
CREATE TRIGGER noting AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION noted();
"""


async def _counts(conn: Any) -> tuple[int, int]:
    """Rows, and the statements that wrote them."""
    return tuple(await maybe(conn.query_one("SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM statements)")))


async def _ready(pg: Any) -> None:
    await maybe(pg.script(TABLE))
    await maybe(pg.prepare(INSERT))


def _rows(count: int, first: int = 0) -> list[tuple[int, str]]:
    return [(first + number, f"word {number}") for number in range(count)]


@pytest.mark.parametrize("inside", [False, True])
async def test_a_thousand_rows_are_one_statement(pg: Any, inside: bool) -> None:
    await _ready(pg)
    rows = _rows(2500)
    if inside:
        async with entered(pg.transaction()) as tx:
            result = await maybe(tx.run_many(INSERT, rows))
    else:
        result = await maybe(pg.run_many(INSERT, rows))
    assert result.rowcount == 2500
    assert await _counts(pg) == (2500, 3)
    assert (await maybe(pg.run("SELECT id, word FROM t ORDER BY id", None, TUPLES))).rows == rows


async def test_few_rows_and_other_statements_go_one_by_one(pg: Any) -> None:
    await _ready(pg)
    await maybe(pg.run_many(INSERT, _rows(FEW - 1)))
    assert await _counts(pg) == (FEW - 1, FEW - 1)
    others = (" RETURNING id + 1", " RETURNING $1", " RETURNING upper(word)", " ON CONFLICT DO NOTHING RETURNING id")
    for sql in (*[INSERT + other for other in others], INSERT.replace("$2", "$2 || ''")):
        await maybe(pg.prepare(sql))
        await maybe(pg.script("TRUNCATE t, statements"))
        await maybe(pg.run_many(sql, _rows(FEW)))
        assert await _counts(pg) == (FEW, FEW), sql


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("back", ["id, word", "*", '"id" , word'])
async def test_returned_rows_come_in_the_order_of_those_that_were_sent(pg: Any, inside: bool, back: str) -> None:
    await _ready(pg)
    sql = f"{INSERT} RETURNING {back}"
    await maybe(pg.prepare(sql))
    rows = [(number * 7919 % 2503, f"word {number}") for number in range(2500)]
    if inside:
        async with entered(pg.transaction()) as tx:
            result = await maybe(tx.run_many(sql, rows, TUPLES))
    else:
        result = await maybe(pg.run_many(sql, rows, TUPLES))
    assert (result.rowcount, result.rows) == (2500, rows)
    assert await _counts(pg) == (2500, 3)


async def test_returned_rows_have_what_the_server_made_of_them(pg: Any) -> None:
    """Numbers in the order of the rows, and nothing for a row that a trigger takes away."""
    await maybe(
        pg.script(
            """
            CREATE TABLE t (number int GENERATED ALWAYS AS IDENTITY, id int, word text, double int GENERATED ALWAYS AS (id * 2) STORED);
            CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN IF NEW.id % 2 = 0 THEN RETURN NULL; END IF; NEW.word := NEW.word || (SELECT count(*) FROM t); RETURN NEW; END';
            CREATE TRIGGER odds BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION odd()
            """
        )
    )
    sql = f"{INSERT} RETURNING number, id, word, double"
    await maybe(pg.prepare(sql))
    result = await maybe(pg.run_many(sql, [(FEW * 2 - number, "w") for number in range(FEW * 2)], TUPLES))
    kept = [FEW * 2 - number for number in range(FEW * 2) if number % 2]
    by_row = await maybe(pg.run_many(sql, iter([(1, "w")]), TUPLES))
    assert [(id, word, double) for _, id, word, double in result.rows] == [
        (id, f"w{place}", id * 2) for place, id in enumerate(kept)
    ]
    numbers = [number for number, *_ in result.rows]
    assert numbers == sorted(set(numbers))
    assert by_row.rows[0][1:] == (1, f"w{FEW}", 2)


async def test_errors_are_those_of_the_row_where_rows_are_returned(pg: Any) -> None:
    await _ready(pg)
    sql = f"{INSERT} RETURNING id"
    await maybe(pg.prepare(sql))
    rows = [*_rows(1100), (0, "twice"), *_rows(50, 2000)]
    with pytest.raises(UniqueViolation) as by_row:
        await maybe(pg.run_many(sql, iter(rows), TUPLES))
    with pytest.raises(UniqueViolation) as found:
        await maybe(pg.run_many(sql, rows, TUPLES))
    for name in ("query", "row", "detail", "__notes__"):
        assert getattr(found.value, name, None) == getattr(by_row.value, name, None)
    assert (str(found.value), found.value.query) == (str(by_row.value), sql)
    assert await _counts(pg) == (0, 0)
    assert (await maybe(pg.run_many(sql, _rows(FEW), TUPLES))).rows == [(number,) for number in range(FEW)]


async def test_rows_of_a_generator_could_not_be_sent_twice(pg: Any) -> None:
    await _ready(pg)
    await maybe(pg.run_many(INSERT, (row for row in _rows(FEW))))
    assert await _counts(pg) == (FEW, FEW)


@pytest.mark.parametrize(
    ("sql", "places"),
    [
        ("INSERT INTO t VALUES ($1)", (1,)),
        (' insert\ninto "a ""b"" $1" . "T" ("x, y", ü) values ( $2,\t$1 ) ; ', (2, 1)),
        ("INSERT INTO t VALUES ($1, $1)", None),
        ("INSERT INTO t VALUES ($2)", None),
        ("INSERT INTO t VALUES ($1), ($2)", None),
        ("INSERT INTO t VALUES ($1, now())", None),
        ("INSERT INTO t VALUES ($1::int)", None),
        ("INSERT INTO t AS u VALUES ($1)", None),
        ("INSERT INTO t OVERRIDING SYSTEM VALUE VALUES ($1)", None),
        ("INSERT INTO t VALUES ($1); DROP TABLE t", None),
        ("INSERT INTO t /* why */ VALUES ($1)", None),
        ("UPDATE t SET a = $1", None),
        ("INSERT INTO t VALUES ($1)returning *;", (1,)),
        ('INSERT INTO t VALUES ($1) RETURNING id,"a b" ', (1,)),
        ("INSERT INTO t VALUES ($1) RETURNING id AS i", None),
        ("INSERT INTO t VALUES ($1) RETURNING t.id", None),
        ("INSERT INTO t VALUES ($1) RETURNING *, id", None),
        ("INSERT INTO t VALUES ($1) RETURNING now()", None),
        ("INSERT INTO t VALUES ($1) RETURNING $1", None),
        ("INSERT INTO t VALUES ($1) RETURNING id; DROP TABLE t", None),
    ],
)
def test_what_is_a_plain_insert(sql: str, places: tuple[int, ...] | None) -> None:
    found = plain(sql)
    assert (None if found is None else found.places) == places


async def test_parameters_go_to_their_columns(pg: Any) -> None:
    await _ready(pg)
    sql = 'INSERT INTO "t" (word, id) VALUES ($2, $1)'
    await maybe(pg.prepare(sql))
    await maybe(pg.run_many(sql, _rows(60)))
    assert (await maybe(pg.run("SELECT id, word FROM t ORDER BY id", None, TUPLES))).rows == _rows(60)


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


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    if not asyncio.iscoroutinefunction(pg.query):
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


async def test_a_cursor_sends_them_so_too(pg: Any) -> None:
    await _ready(pg)
    cursor = pg.cursor()
    await maybe(cursor.executemany("INSERT INTO t (id, word) VALUES (%s, %s)", _rows(FEW)))
    again = [{"id": number, "word": "a"} for number in range(1000, 1000 + FEW)]
    await maybe(cursor.executemany("INSERT INTO t (id, word) VALUES (%(id)s, %(word)s)", again))
    assert (cursor.rowcount, await _counts(pg)) == (FEW, (2 * FEW, 2))
