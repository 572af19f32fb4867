"""Many rows of parameters, so many that PostgreSQL is sent the first while the rest is still encoded."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.errors import DataError, ProgrammingError, UniqueViolation
from tests.support import maybe

ROWS = 5000
INSERT = "INSERT INTO many VALUES ($1, $2)"
TUPLES = Shape.tuples()


async def _filled(conn: Any) -> int:
    return (await maybe(conn.query_one("SELECT count(*) FROM many")))[0]


async def _table(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE many (id integer PRIMARY KEY, name text)"))


def _rows(count: int = ROWS) -> list[tuple[int, str | None]]:
    return [(number, f"the name of number {number}" if number % 7 else None) for number in range(count)]


async def test_they_arrive_in_order(conn: Any) -> None:
    await _table(conn)
    assert (await maybe(conn.run_many(INSERT, _rows()))).rowcount == ROWS
    found = (await maybe(conn.run("SELECT id, name FROM many ORDER BY id", None, TUPLES))).rows
    assert found == _rows()


async def test_all_usual_types_are_what_one_row_makes_of_them(pg: Any) -> None:
    await maybe(
        pg.script(
            "CREATE TABLE kinds (n int4, a bool, b int2, c int4, d int8, e float8, f text, g timestamptz, h timestamp, i date, j numeric)"
        )
    )
    draw = random.Random(3)
    zone = datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)
    rows: list[tuple[Any, ...]] = [
        (
            number,
            draw.random() < 0.5,
            draw.choice([-(2**15), 2**15 - 1, 0]),
            draw.choice([-(2**31), 2**31 - 1]),
            draw.choice([-(2**63), 2**63 - 1]),
            draw.choice([float("inf"), -0.5, 1e300]),
            draw.choice(["", "ä\N{GRINNING FACE}", "x" * 16_384]),
            draw.choice([zone, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]),
            datetime(2024, 2, 29, 12),
            draw.choice([date.min, date.max]),
            None,
        )
        for number in range(300)
    ]
    insert = f"INSERT INTO kinds VALUES ({', '.join(f'${n}' for n in range(1, 12))})"
    await maybe(pg.run_many(insert, rows))
    assert (await maybe(pg.run("SELECT * FROM kinds ORDER BY n", None, TUPLES))).rows == rows


async def test_the_server_refuses_one_of_them(conn: Any) -> None:
    await _table(conn)
    rows = _rows()
    for at in (1, 20, ROWS - 1):
        with pytest.raises(UniqueViolation):
            await maybe(conn.run_many(INSERT, [*rows[:at], rows[0], *rows[at:]]))
        assert await _filled(conn) == 0


@pytest.mark.parametrize(
    ("bad", "error"),
    [((1, "\0"), DataError), ((2**31, "a"), DataError), ((1, object()), DataError), ((1,), ProgrammingError)],
)
async def test_the_last_is_refused_before_the_first_is_sent(pg: Any, bad: tuple[Any, ...], error: type) -> None:
    await _table(pg)
    before = pg.status
    rows = [*_rows(), bad]
    with pytest.raises(error):
        await maybe(pg.run_many(INSERT, rows))
    assert (await _filled(pg), pg.status) == (0, before)
    await maybe(pg.script("BEGIN"))
    with pytest.raises(error):
        await maybe(pg.run_many(INSERT, rows))
    assert (await _filled(pg), str(pg.status)) == (0, "transaction")  # the transaction is as it was
    await maybe(pg.script("ROLLBACK"))


async def test_what_they_return_comes_meanwhile(conn: Any) -> None:
    await _table(conn)
    rows = [(number, "a" * 2000) for number in range(4000)]
    returned = await maybe(conn.run_many(INSERT + " RETURNING name, id", rows, TUPLES))
    assert [row[1] for row in returned.rows] == list(range(4000))


@pytest.mark.only(colour="async")
async def test_others_wait_for_their_end(pg: Any) -> None:
    await _table(pg)
    counts = [pg.query_one("SELECT count(*) FROM many") for _ in range(4)]
    moved = "UPDATE many SET id = id + $1 WHERE id = $2"
    found = await asyncio.gather(
        counts[0],
        pg.run_many(INSERT, _rows()),
        counts[1],
        pg.run_many(moved, [(ROWS, number) for number in range(ROWS)]),
        counts[2],
        pg.run_many(INSERT, _rows(300)),
        counts[3],
    )
    assert [found[at][0] for at in (0, 2, 4, 6)] == [0, ROWS, ROWS, ROWS + 300]
    assert found[3].rowcount == ROWS
