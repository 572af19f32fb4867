"""Whatever a union may hold is the same after its way through JSON."""

from __future__ import annotations

import datetime
import functools
import json
import operator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ferrow.model.document import plain
from ferrow.model.document_decoder import decoder

T = TypeVar("T")


class Mark(Enum):
    """Values that no other member has."""

    A = "mark a"
    B = "mark b"


@dataclass(frozen=True)
class Near:
    x: int


@dataclass(frozen=True)
class Far:
    x: UUID | int
    y: datetime.date | None = None


@dataclass(frozen=True)
class Box(Generic[T]):
    value: T


MEMBERS: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(),
    float: st.floats(allow_nan=False),
    str: st.text().map(lambda text: f"text {text}"),
    type(None): st.none(),
    UUID: st.uuids(),
    Decimal: st.decimals(allow_nan=False),
    datetime.date: st.dates(),
    datetime.time: st.times(),
    datetime.datetime: st.datetimes(timezones=st.none() | st.just(datetime.UTC)),
    Mark: st.sampled_from(Mark),
    Near: st.builds(Near, st.integers()),
    Far: st.builds(Far, st.uuids() | st.integers(), st.none() | st.dates()),
}


@st.composite
def unions(draw: st.DrawFn, deep: int = 2) -> tuple[Any, st.SearchStrategy[Any]]:
    """A union of some types, and what makes values of it."""
    members = draw(st.lists(st.sampled_from(list(MEMBERS)), min_size=1, max_size=5, unique=True))
    python = functools.reduce(operator.or_, members)
    values = st.one_of([MEMBERS[member] for member in members])
    if deep == 0:
        return python, values
    inner, made = draw(unions(deep=deep - 1))
    for holder, held in draw(
        st.lists(
            st.sampled_from(
                [
                    (list[inner], st.lists(made, max_size=3)),
                    (dict[str, inner], st.dictionaries(st.text().map(lambda name: f"key {name}"), made, max_size=3)),
                    (Box[inner], made.map(Box)),
                ]
            ),
            max_size=3,
        )
    ):
        python, values = python | holder, values | held
    return python, values


@given(unions(), st.data())
def test_values_of_unions_come_back(drawn: tuple[Any, st.SearchStrategy[Any]], data: st.DataObject) -> None:
    python, values = drawn
    value = data.draw(values)
    document = json.loads(json.dumps(plain(value)))
    decode = decoder(python, lambda part: part)
    found = document if decode is None or document is None else decode(document)
    assert (found, type(found)) == (value, type(value))
