"""Lists of result columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ferrow.sql.form.naming import LABEL
from ferrow.sql.shape import Leaf, Shape, interned

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr
    from ferrow.sql.writer import Writer


class Columns(Leaf):
    """A list without holes, as one leaf: the same few lists are used over and over and would be hashed element by element."""

    __slots__ = ("shapes",)

    def __init__(self, shapes: tuple[Shape, ...]) -> None:
        self.shapes = shapes


def listed(columns: Sequence[Expr[Any]]) -> tuple[Any, tuple[Any, ...]]:
    """Return shape and values of a list of result columns."""
    shapes = tuple([column.shape for column in columns])
    values = tuple([value for column in columns for value in column.values])
    return (shapes if values else interned(Columns, shapes)), values


def members(shape: Any) -> tuple[Any, ...]:
    """Return the shapes in a list that `listed` made."""
    return cast("tuple[Any, ...]", shape.shapes if type(shape) is Columns else shape)


def named_columns(out: Writer, shapes: Sequence[Any]) -> str:
    """Return the list as text, labels included."""
    return ", ".join(
        [
            f"{out.write(shape)} AS {out.name(shape[2])}"
            if type(shape) is tuple and shape[0] is LABEL
            else out.write(shape)
            for shape in shapes
        ]
    )
