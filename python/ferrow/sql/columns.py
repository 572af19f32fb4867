"""Lists of result columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ferrow.sql.form.naming import LABEL
from ferrow.sql.shape import Leaf, Level, Shape, interned

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr
    from ferrow.sql.writer import Writer
    from ferrow.types import SQLType


class Columns(Leaf):
    """A list without holes, as one leaf: the same few lists are used over and over and would be hashed element by element."""

    __slots__ = ("shapes",)

    def __init__(self, shapes: tuple[Shape, ...]) -> None:
        self.shapes: tuple[Shape, ...] = shapes


def listed(columns: Sequence[Expr[Any]]) -> tuple[Any, tuple[Any, ...]]:
    """Return shape and values of a list of result columns."""
    shapes = tuple([column.shape for column in columns])
    values: tuple[Any, ...] = ()
    for column in columns:
        if column.values:
            values += column.values
    return (shapes if values else interned(Columns, shapes)), values


def members(shape: Any) -> tuple[Any, ...]:
    """Return the shapes in a list that `listed` made."""
    return cast("tuple[Any, ...]", shape.shapes if type(shape) is Columns else shape)


def name_of(shape: Any, place: int) -> str:
    """Return what a result column is called: the label, the column's attribute name, the function, or `column<place>`."""
    key = getattr(shape, "key", None)
    if type(shape) is not tuple and key is not None:
        return str(key)
    if type(shape) is tuple and shape[0].name == "over":
        shape = shape[2]
    if type(shape) is tuple and shape[0].name in _NAMED:
        return str(shape[2])
    return f"column{place}"


_NAMED = frozenset({"label", "aggregate", "named aggregate", "ranking", "call", "named call", "date part", "extreme"})
"""The forms whose third element is a name."""


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


class Compared(Leaf):
    """A numbered result column of a query that finds equal rows: written such that equal values are equal to the database."""

    __slots__ = ("shape", "type")

    def __init__(self, shape: Any, type: SQLType) -> None:
        self.shape: Any = shape
        self.type: SQLType = type

    def write(self, out: Writer) -> str:
        """Return the expression with what the dialect adds."""
        return out.comparable(self.shape, level=Level.OR)


def compared(out: Writer, columns: Sequence[Any]) -> tuple[Any, ...]:
    """Return the columns as DISTINCT and UNION need them, under the same names."""
    made: list[Any] = []
    for column in columns:
        labelled = type(column) is tuple and column[0] is LABEL
        inner: Any = column[3] if labelled else column
        leaf = type(inner) is not tuple
        own = out.type_of(inner)
        if out.dialect.comparable(own, own, leaf=leaf and inner.stored) is None:
            made.append(column)
        elif labelled or leaf:
            name: str = column[2] if labelled else _name(inner)
            made.append((LABEL, own, name, Compared(inner, own)))
        else:
            made.append(Compared(inner, own))
    return tuple(made)


def _name(column: Any) -> str:
    return str(column.name)
