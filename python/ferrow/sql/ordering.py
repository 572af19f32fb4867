"""Terms of ORDER BY."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.sql.form.json import JSON_ORDER
from ferrow.sql.form.order import ORDER
from ferrow.sql.node import Node, set_shape, set_values

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr


class Ordering(Node):
    """An expression and the direction to sort by.

    Without `nulls_first()` or `nulls_last()` NULLs go where the database puts them: ascending, PostgreSQL sorts them last and
    SQLite first.
    """

    __slots__ = ("descending", "expr", "nulls")

    expr: Expr[Any]
    descending: bool
    nulls: str | None

    def __init__(self, expr: Expr[Any], *, descending: bool = False, nulls: str | None = None) -> None:
        """Sort by `expr`; `nulls` is None, `"FIRST"` or `"LAST"`.

        Raises:
            TypeError: values of this type have no order (JSON).
        """
        guide = getattr(expr, "guide", None)
        if guide is not None and guide.decimal and type(expr.shape) is tuple:  # which documents keep as texts
            from ferrow.sql.json_compare import value_as

            expr = value_as("decimal", expr)
        shape = expr.shape
        if (
            expr.type.kind == "json" and type(shape) is tuple
        ):  # a place in a document; a whole column of them has no order
            shape = (JSON_ORDER, shape)
        elif not expr.type.ordered:
            msg = f"{expr!r} cannot be sorted by: {expr.type!r} values have no order"
            raise TypeError(msg)
        put = object.__setattr__
        put(self, "expr", expr)
        put(self, "descending", descending)
        put(self, "nulls", nulls)
        set_shape(self, (ORDER, shape, descending, nulls))
        set_values(self, expr.values)

    def nulls_first(self) -> Ordering:
        """NULLs before everything else."""
        return Ordering(self.expr, descending=self.descending, nulls="FIRST")

    def nulls_last(self) -> Ordering:
        """NULLs after everything else."""
        return Ordering(self.expr, descending=self.descending, nulls="LAST")
