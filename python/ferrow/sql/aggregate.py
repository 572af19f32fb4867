"""Functions over many rows, and what they can do that other expressions cannot."""

from __future__ import annotations

from typing import Any, TypeVar

from ferrow.sql.expr import Expr
from ferrow.sql.form.aggregate import FILTER
from ferrow.sql.form.logic import AND
from ferrow.sql.logic import Truth, and_
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import Shape
from ferrow.sql.typed import set_type
from ferrow.sql.window import Windowed
from ferrow.types import SQLType

T = TypeVar("T")


class Aggregate(Expr[T], Windowed[T]):
    """One value of many rows: `func.sum(Order.total)`."""

    __slots__ = ()

    def filter(self, *conditions: Truth) -> Aggregate[T]:
        """Take only the rows that meet all conditions: `func.count().filter(User.age >= 18)`.

        Raises:
            TypeError: no condition, or something that is not one.
        """
        if not conditions:
            msg = f"filter() needs a condition, as in {self!r}.filter(User.age >= 18)"
            raise TypeError(msg)
        old: Any = self.shape
        new = and_(*conditions)
        both: Any = new.shape if old[FILTER] is None else (AND, old[FILTER], new.shape)
        return aggregate((*old[:FILTER], both), self.values + new.values, self.type)


def aggregate(shape: Shape, values: tuple[Any, ...], type: SQLType) -> Aggregate[Any]:
    """Make an aggregate."""
    made: Aggregate[Any] = object.__new__(Aggregate)
    set_shape(made, shape)
    set_values(made, values)
    set_type(made, type)
    return made
