"""A type and its values, and when two values are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from ferrow.types import Array, Range

LISTS = {"json", "jsonb", "vector", "halfvec", "sparsevec", "numbers", "int2vector", "oidvector"}


@dataclass(frozen=True)
class Kind:
    """A type, its values, and how the server would be told one of them in SQL text, where that is easy to say."""

    sql: str
    values: st.SearchStrategy[Any]
    literal: Callable[[Any], str] | None = None
    is_array: bool = False
    """There are no arrays of arrays."""
    needs: str | None = None
    """An extension or "xml", which not every server has."""
    text_only: bool = False
    """It travels as text, and so does what holds it. There is no anonymous record of it."""

    def arrives(self, deep: Array[Any]) -> list[Any]:
        """An array of several dimensions as it is read: where a value may be a list, it says how many they are."""
        lists = self.sql in LISTS or self.sql.endswith("multirange")
        return deep if lists else [*deep]


def same(got: Any, sent: Any) -> bool:
    """Equal, and of one type, all the way down; NaN is NaN, 1E+5 may come back as 100000, and -0.0 not as 0.0."""
    if isinstance(sent, float):
        return type(got) is float and repr(got) == repr(sent)
    if isinstance(sent, Decimal) and sent.is_nan():
        return type(got) is Decimal and got.is_nan()
    if isinstance(sent, Range):
        parts = [(one.lower, one.upper, one.bounds, one._empty) for one in (got, sent) if type(one) is Range]
        return len(parts) == 2 and same(*parts)
    if isinstance(sent, Array) or isinstance(got, Array):
        return (
            type(got) is type(sent) and got.lower_bounds == sent.lower_bounds and all(map(same, list(got), list(sent)))
        )
    if isinstance(sent, dict):
        return type(got) is dict and got.keys() == sent.keys() and all(same(got[key], sent[key]) for key in sent)
    if isinstance(sent, (list, tuple)):
        # A composite is sent as a tuple, and comes as a `Row`.
        fits = type(got) is type(sent) or (type(sent) is tuple and type(got).__name__ == "Row")
        return fits and len(got) == len(sent) and all(map(same, got, sent))
    if hasattr(sent, "utcoffset") and (got.utcoffset() != sent.utcoffset()):
        return False
    return type(got) is type(sent) and bool(got == sent)
