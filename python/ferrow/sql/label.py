"""Named result columns."""

from __future__ import annotations

from typing import TypeVar

from ferrow.identifier import check_identifier
from ferrow.sql.expr import Expr
from ferrow.sql.form.naming import LABEL
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.typed import set_type

T = TypeVar("T")


class Labelled(Expr[T]):
    """An expression with a name. `order_by` and `group_by` of a query that selects it refer to it instead of repeating it."""

    __slots__ = ("expr", "name")

    expr: Expr[T]
    name: str

    def __init__(self, expr: Expr[T], name: str) -> None:
        """Name `expr`.

        Raises:
            ProgrammingError: a name that no database accepts.
        """
        check_identifier(name, "label")
        inner = expr.expr if isinstance(expr, Labelled) else expr
        object.__setattr__(self, "expr", inner)
        object.__setattr__(self, "name", name)
        set_type(self, expr.type)
        set_shape(self, (LABEL, expr.type, name, inner.shape))
        set_values(self, expr.values)
