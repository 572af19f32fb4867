"""Any composite and any array comes back as it was sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow.types import Array
from tests.support.effort import times
from tests.support.own_types import SCHEMA

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def sync_pg(postgresql_database: Any) -> Any:
    with driver.connect(postgresql_database.clean()) as conn:
        conn.script(SCHEMA)
        yield conn


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
INNERS = st.tuples(st.none() | st.integers(-(2**31), 2**31 - 1), TEXTS)
CODES = st.none() | st.text('abcé\\",{}() ', max_size=3)
OUTERS = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([None, "sad", "ok", "happy"]),
    CODES,
    st.none() | INNERS,
    st.none() | st.lists(st.none() | INNERS, max_size=4),
    st.none() | st.lists(CODES, max_size=4),
)


@settings(
    deadline=None,
    max_examples=times(100),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(value=OUTERS)
def test_any_composite_round_trips(sync_pg: Any, value: Any) -> None:
    got = sync_pg.query_one("SELECT $1::outer_, $1::outer_::text::outer_, $2::outer_[]", [value, [value, None]])
    assert got[0] == value
    assert got[1] == value
    assert got[2] == [value, None]


SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=4)


@settings(
    deadline=None,
    max_examples=times(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shape=SHAPES, data=st.data())
def test_any_array_round_trips(sync_pg: Any, shape: list[int], data: st.DataObject) -> None:
    def build(lengths: list[int]) -> Any:
        if not lengths:
            return data.draw(st.none() | st.integers(-(2**31), 2**31 - 1))
        return [build(lengths[1:]) for _ in range(lengths[0])]

    value = build(shape)
    bounds = tuple(data.draw(st.integers(-5, 5)) for _ in shape)
    got = sync_pg.query_one("SELECT $1::int[], $2::int[], array_dims($2)", [value, Array(value, bounds)])
    assert got[0] == value
    assert got[1] == value
    assert getattr(got[1], "lower_bounds", (1,) * len(shape)) == bounds
    assert got[2] == "".join(f"[{low}:{low + length - 1}]" for low, length in zip(bounds, shape, strict=True))
