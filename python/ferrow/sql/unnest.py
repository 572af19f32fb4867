"""Lists that are read side by side, as a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ferrow.sql.column import ColumnRef
from ferrow.sql.derived import Derived, DerivedKey, begin
from ferrow.sql.expr import Condition, Expr, condition
from ferrow.sql.form.cast import CAST
from ferrow.sql.form.membership import IN_LIST
from ferrow.sql.form.source import UNNEST
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import HOLES, interned
from ferrow.types import Integer, ListOf, SQLType


class Unnest(Derived):
    """Rows in FROM, one list of values per column: `Unnest("price", {"id": Integer(), "cents": Integer()}, [[1, 2], [250, 300]])`.

    Every list is one parameter, so any number of rows is the same statement. PostgreSQL only.
    """

    __slots__ = ()

    def __init__(
        self,
        alias: str,
        columns: Mapping[str, SQLType],
        lists: Sequence[Sequence[Any] | None],
        *,
        counted: bool = False,
    ) -> None:
        """Name the rows, and give one list per column.

        `counted`: the server is to take the lists for long. Once it plans for any parameters it takes each for ten values, and looks up
        a row for each of them. A series beside them that ends with the parameter behind the lists it takes for a thousand rows; the
        end comes out of a subquery, for it to be so also where the server plans for these very parameters.
        """
        names = tuple(columns)
        types = tuple([ListOf(type) for type in columns.values()])
        begin(self, key := interned(DerivedKey, alias, None, (names, types, counted)))
        object.__setattr__(
            self, "columns", tuple([ColumnRef[Any](self, name, type, nullable=True) for name, type in columns.items()])
        )
        sent: tuple[SQLType, ...] = (*types, Integer()) if counted else types
        set_shape(self, (UNNEST, key, names, *[(CAST, type, HOLES[type]) for type in sent]))
        longest = max([len(one) for one in lists if one is not None], default=None)
        set_values(self, (*lists, longest) if counted else tuple(lists))


def among(operand: Expr[Any], type: SQLType, values: Sequence[Any] | None) -> Condition:
    """`operand = ANY($1)`: as `operand.in_(values)`, for values that are sent as `type` and may be given later."""
    return condition((IN_LIST, operand.shape, HOLES[ListOf(type)], False), (*operand.values, values))
