"""Every way of building the rows of a result, and the values of a row that was built so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from functools import cache
from itertools import product
from operator import attrgetter
from typing import Any

import pytest
from pydantic import create_model

from ferrow._core import Shape
from tests.support.effort import EFFORT


@dataclass(frozen=True)
class Way:
    shape: Shape
    values: Callable[[Any], list[Any]]
    """Of a row; of a way that leaves some out, those it has."""
    columns: Sequence[int]
    """Which these are."""


def _same(value: Any) -> Any:
    return value


def way(name: str, names: tuple[str, ...], column: int = 0) -> Way:
    """One of `WAYS` for columns of these names; `column` is the one that "column" takes."""
    if name == "column":
        return Way(Shape.column(column), lambda row: [row], [column])
    return _whole(names)[name]


@cache
def _whole(names: tuple[str, ...]) -> dict[str, Way]:
    """Those that take all columns."""
    fields: Any = dict.fromkeys(names, (Any, ...))
    plain, slotted = make_dataclass("Plain", names), make_dataclass("Slotted", names, slots=True)
    checked = create_model("Checked", **fields)
    rest = names[1:]
    part = make_dataclass("Part", rest) if rest else None

    def of_instance(row: Any) -> list[Any]:
        return [attrgetter(name)(row) for name in names]

    def of_parts(row: Any) -> list[Any]:
        return [row[0], *(getattr(row[1], name, None) for name in rest)] if part else [row[0]]  # None: all is NULL

    parts: list[Any] = [None]
    if part:
        parts.append((Shape.instances(part, rest, build="dict"), ()))
    everything = range(len(names))
    return {
        "tuples": Way(Shape.tuples(), list, everything),
        "rows": Way(Shape.rows(), list, everything),
        "dicts": Way(Shape.dicts(), lambda row: [row[name] for name in names], everything),
        "instances": Way(Shape.instances(plain, names, build="dict"), of_instance, everything),
        "called": Way(Shape.instances(plain, names, build="call"), of_instance, everything),
        "slots": Way(Shape.instances(slotted, names, build="slots"), of_instance, everything),
        "pydantic": Way(Shape.instances(checked, names, build="pydantic"), of_instance, everything),
        "converted": Way(
            Shape.instances(plain, names, build="dict", convert=[_same] * len(names)), of_instance, everything
        ),
        "parts": Way(Shape.row(parts), of_parts, everything),
    }


WAYS = ("column", *_whole(("a",)))


def places_of(rows: Mapping[str, int], columns: Mapping[str, int]) -> pytest.MarkDecorator:
    """Each shape in each row and in each column, and each row with each column; a campaign takes all combinations."""
    return pytest.mark.parametrize(
        ("shape", "row", "column"),
        [
            pytest.param(shape, rows[row], columns[column], id=f"{shape}-{row}-{column}")
            for (i, shape), (j, row), (k, column) in product(enumerate(WAYS), enumerate(rows), enumerate(columns))
            if (i + j + k) % 3 == 0 or EFFORT > 1
        ],
    )
