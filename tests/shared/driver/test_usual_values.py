"""The fast path of rows gives the same values as the slow one."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.errors import DataError
from tests.support import maybe

pytestmark = pytest.mark.postgresql

# Around words of 8 bytes and their halves, and long ones.
LENGTHS = [*range(40), 63, 64, 65, 4095, 4096, 4097]
OTHERS = ["é", "€", "\U0001f600"]

FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)

shapes = pytest.mark.parametrize("shape", [Shape.tuples(), Shape.rows()], ids=["tuples", "Rows"])


async def values(pg: Any, sql: str, params: list[Any], shape: Shape) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in (await maybe(pg.run(sql, params, shape))).rows]


@shapes
async def test_texts_of_all_lengths(pg: Any, shape: Shape) -> None:
    """A letter that is not ASCII is found in every place, also beside the border of two words."""
    texts = [text for length in LENGTHS for text in placed("".join(chr(97 + at % 26) for at in range(length)))]
    found = await values(pg, "SELECT t, n FROM unnest($1::text[]) WITH ORDINALITY AS x (t, n)", [texts], shape)
    assert found == [(text, number) for number, text in enumerate(texts, 1)]
    assert all(text.isascii() == sent.isascii() for (text, _), sent in zip(found, texts, strict=True))


def placed(text: str) -> list[str]:
    """The text, and the same with one letter that is not ASCII in each place (or in some, if it is long)."""
    places = range(len(text)) if len(text) < 40 else [0, 31, len(text) - 1]
    return [text] + [text[:place] + other + text[place + 1 :] for place in places for other in OTHERS]


@shapes
@pytest.mark.parametrize("ty", ["timestamp", "timestamptz"])
async def test_moments_of_all_years(pg: Any, shape: Shape, ty: str) -> None:
    zone = UTC if ty == "timestamptz" else None
    step = timedelta(days=463, hours=7, minutes=13, seconds=11, microseconds=999_983)
    moments = [FIRST, FIRST + timedelta(microseconds=1), LAST - timedelta(microseconds=1), LAST]
    moments += [FIRST + step * number for number in range((LAST - FIRST) // step)]
    moments += [datetime(year, 2, 29, 12) for year in (4, 1600, 2000, 2024, 9996)]
    sent = [moment.replace(tzinfo=zone) for moment in moments]
    found = await values(pg, f"SELECT m FROM unnest($1::{ty}[]) AS x (m)", [sent], shape)
    assert found == [(moment,) for moment in sent]
    for (moment,), given in zip(found[:9], sent[:9], strict=True):
        assert (repr(moment), hash(moment), moment.fold) == (repr(given), hash(given), 0)
        assert moment.tzinfo is zone
        assert moment.replace(microsecond=0) + timedelta(0) == given.replace(microsecond=0)


@shapes
@pytest.mark.parametrize("bad", ["0001-12-31 23:59:59.999999+00 BC", "10000-01-01 00:00+00", "infinity", "-infinity"])
async def test_moments_beyond_them(pg: Any, shape: Shape, bad: str) -> None:
    sql = f"SELECT n, CASE WHEN n = 300 THEN '{bad}' ELSE now() END FROM generate_series(1, 500) n"
    with pytest.raises(DataError, match="timestamp with time zone"):
        await maybe(pg.run(sql, None, shape))
    assert await values(pg, "SELECT 1, now() > 'epoch'", [], shape) == [(1, True)]


@shapes
async def test_numbers_at_their_ends(pg: Any, shape: Shape) -> None:
    rows: list[tuple[Any, ...]] = [
        (sign * (2**31 - 1), sign * (2**63 - 1), sign * 1.5e308, sign > 0) for sign in (1, -1)
    ]
    rows += [(-(2**31), -(2**63), float("inf"), None), (-5, 256, -0.0, True), (257, None, None, False), (None,) * 4]
    sql = "SELECT * FROM unnest($1::int[], $2::bigint[], $3::float8[], $4::bool[])"
    found = await values(pg, sql, [list(column) for column in zip(*rows, strict=True)], shape)
    assert [[repr(value) for value in row] for row in found] == [[repr(value) for value in row] for row in rows]


@shapes
async def test_the_collector_knows_what_holds_others_alone(pg: Any, shape: Shape) -> None:
    sql = "SELECT n, now(), 'text', CASE WHEN n % 2 = 0 THEN '[1, {}]'::jsonb END FROM generate_series(1, 200) n"
    rows = (await maybe(pg.run(sql, None, shape))).rows
    assert [gc.is_tracked(row) for row in rows] == [False, True] * 100
    assert gc.is_tracked(rows)


@shapes
async def test_what_a_signal_raises_is_raised(pg: Any, shape: Shape) -> None:
    """While a value's class is called: the slow path, which decodes the row again, would not see it."""
    sql = "SELECT n, int4range(n, n + 2) FROM generate_series(1, 5) n"
    expected = await values(pg, sql, [], shape)

    class Raised(Exception):
        pass

    def interrupt(frame: Any, event: str, argument: object) -> None:
        if frame.f_code.co_name == "_sent":
            sys.settrace(None)
            raise Raised

    before = sys.gettrace()
    sys.settrace(interrupt)
    try:
        with pytest.raises(Raised):
            await values(pg, sql, [], shape)
    finally:
        sys.settrace(before)
    assert await values(pg, sql, [], shape) == expected
