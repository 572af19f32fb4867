"""Windows: calculating over the rows around each row, which stays."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.aggregate import AGGREGATE, DISTINCT
from ferrow.sql.form.window import OVER, RANKING
from ferrow.sql.frame import Bounds, Exclude, frame
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.ordering import Ordering
from ferrow.sql.typed import Typed, set_type
from ferrow.types import SQLType

T = TypeVar("T")

Partition: TypeAlias = Expr[Any] | Sequence[Expr[Any]]
Order: TypeAlias = Expr[Any] | Ordering | Sequence[Expr[Any] | Ordering]


class Windowed(Typed[T]):
    """A function that can be taken over the rows around each row."""

    __slots__ = ()

    def over(
        self,
        *,
        partition_by: Partition = (),
        order_by: Order = (),
        rows: Bounds[int] | None = None,
        range: Bounds[int | float | Decimal] | None = None,
        groups: Bounds[int] | None = None,
        exclude: Exclude | None = None,
    ) -> Expr[T]:
        """Calculate the function for each row, over the rows of its window: `func.sum(Sale.amount).over(partition_by=Sale.shop)`.

        The window of a row is its partition; with `order_by` only the rows up to it (and those that are sorted equally), unless
        a frame says otherwise. A frame is a pair of start and end, each counted from the current row: negative numbers are
        before it, positive ones behind it, 0 is the row itself, None the end of the partition. `rows=(-2, 0)` are the row and
        the two before it, `rows=(None, None)` all of the partition.

        Args:
            partition_by: an expression or several; rows of equal values belong together. Default: all rows.
            order_by: an expression or several, as for a query's order_by.
            rows: a frame counted in rows.
            range: a frame by the difference to the value that is sorted by, which must be one number.
            groups: a frame counted in groups of rows that are sorted equally.
            exclude: what to leave out of the frame: `"current row"`, `"group"` or `"ties"`.

        Raises:
            TypeError: something that is no expression, or a distance that is no number of the right type.
            ValueError: several frames, a frame whose start lies behind its end, one that needs an order and has none, or an
                aggregate of distinct values, which no database takes over a window.
        """
        function: Any = self.shape
        if function[0] is AGGREGATE and function[DISTINCT]:
            msg = f"{self!r} cannot be taken over a window, as it leaves out repeated values"
            raise ValueError(msg)
        partition = [partition_by] if isinstance(partition_by, (Expr, str)) else list(partition_by)
        terms: list[Any] = [order_by] if isinstance(order_by, (Expr, Ordering, str)) else list(order_by)
        for term in (*partition, *terms):
            if not isinstance(term, (Expr, Ordering)):
                msg = f"over() takes expressions, such as columns, not {term!r}"
                raise TypeError(msg)
        order = [term if isinstance(term, Ordering) else Ordering(term) for term in terms]
        framed, framed_values = frame(order, {"ROWS": rows, "RANGE": range, "GROUPS": groups}, exclude)
        shape = (
            OVER,
            self.type,
            function,
            tuple([term.shape for term in partition]),
            tuple([term.shape for term in order]),
            framed,
        )
        before = [value for term in (*partition, *order) for value in term.values]
        return expression(shape, (*self.values, *before, *framed_values), self.type)


class WindowFunction(Windowed[T]):
    """A function that has a meaning in a window only: `func.rank().over(order_by=User.age)`."""

    __slots__ = ()

    def __init__(self, name: str, type: SQLType, *operands: Any, values: tuple[Any, ...] = ()) -> None:
        """Call the function `name` with operands that are shapes."""
        set_type(self, type)
        set_shape(self, (RANKING, type, name, *operands))
        set_values(self, values)
