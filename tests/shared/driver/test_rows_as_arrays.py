"""Which statements send many rows as arrays, and that nothing but the time it takes may tell."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import UniqueViolation
from ferrow.wire.arrays import FEW, plain
from tests.support import entered, maybe
from tests.support.rows_as_arrays import INSERT, TUPLES, _counts, _ready, _rows

pytestmark = pytest.mark.postgresql


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


async def test_a_cursor_sends_them_so_too(pg: Any) -> None:
    await _ready(pg)
    cursor = pg.cursor()
    await maybe(cursor.executemany("INSERT INTO t (id, word) VALUES (%s, %s)", _rows(FEW)))
    again = [{"id": number, "word": "a"} for number in range(1000, 1000 + FEW)]
    await maybe(cursor.executemany("INSERT INTO t (id, word) VALUES (%(id)s, %(word)s)", again))
    assert (cursor.rowcount, await _counts(pg)) == (FEW, (2 * FEW, 2))
