"""Joins."""

from __future__ import annotations

from ferrow.sql.form.join import JOIN
from ferrow.sql.logic import Truth
from ferrow.sql.node import Node, set_shape, set_values
from ferrow.sql.operators import truth
from ferrow.sql.source import Source

KINDS = ("", "LEFT", "RIGHT", "FULL", "CROSS")


class Join(Node):
    """Another source and which of its rows belong to a row: `[LEFT|RIGHT|FULL|CROSS] JOIN source [ON on]`.

    Attributes:
        table: the source.
        on: the condition; None for a cross join.
        kind: empty for the inner join, `LEFT`, `RIGHT`, `FULL` or `CROSS`.
    """

    __slots__ = ("kind", "on", "table")

    table: Source
    on: Truth | None
    kind: str

    def __init__(self, table: Source, on: Truth | None = None, *, outer: bool = False, kind: str = "") -> None:
        """Join `table`; `outer` keeps rows without a match, and is `kind="LEFT"`.

        Raises:
            TypeError: `on` is not a condition, or a cross join has one.
            ValueError: an unknown kind.
        """
        kind = "LEFT" if outer else kind
        if kind not in KINDS:
            msg = f"there is no {kind!r} join; kinds are {', '.join(map(repr, KINDS))}"
            raise ValueError(msg)
        if kind == "CROSS" and on is not None:
            msg = f"a cross join combines all rows and has no condition, got {on!r}"
            raise TypeError(msg)
        put = object.__setattr__
        put(self, "table", table)
        put(self, "on", None if kind == "CROSS" else truth(on))
        put(self, "kind", kind)
        if on is None:
            set_shape(self, (JOIN, table.shape, None, kind))
            set_values(self, table.values)
        else:
            set_shape(self, (JOIN, table.shape, on.shape, kind))
            set_values(self, table.values + on.values)

    @property
    def outer(self) -> bool:
        """Whether rows without a match are kept, those before or those joined."""
        return self.kind in {"LEFT", "RIGHT", "FULL"}
