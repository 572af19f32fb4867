"""Columns as a query sees them."""

from __future__ import annotations

from typing import Any, TypeVar

from ferrow.identifier import check_identifier
from ferrow.sql.expr import Expr
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import HOLES, Leaf, interned
from ferrow.sql.table import TableKey, TableRef
from ferrow.sql.typed import set_type
from ferrow.sql.writer import Writer
from ferrow.types import SQLType

T = TypeVar("T")


class ColumnKey(Leaf):
    """The shape of a column."""

    __slots__ = ("key", "name", "table", "type")

    def __init__(self, table: TableKey, name: str, key: str, type: SQLType) -> None:
        self.table = table
        self.name = name
        self.key = key
        self.type = type

    def write(self, out: Writer) -> str:
        """Return the column's name, after its table's where a bare name could be ambiguous."""
        name = out.name(self.name)
        return f"{self.table.prefix(out)}.{name}" if out.qualify else name


class ColumnRef(Expr[T]):
    """A column of a table.

    Attributes:
        table: the table it belongs to.
        name: the name in the database.
        key: the attribute's name in the model (the name under which results give it).
        type: the SQL type.
        nullable: whether it may hold NULL.
    """

    __slots__ = ("key", "name", "nullable", "table")

    table: TableRef
    name: str
    key: str
    nullable: bool

    def __init__(
        self, table: TableRef, name: str, type: SQLType, *, key: str | None = None, nullable: bool = False
    ) -> None:
        """Refer to a column; `key` is `name` unless given.

        Raises:
            ProgrammingError: a name that no database accepts.
        """
        check_identifier(name, "column")
        put = object.__setattr__
        put(self, "table", table)
        put(self, "name", name)
        put(self, "key", name if key is None else key)
        put(self, "nullable", nullable)
        set_type(self, type)
        set_shape(self, interned(ColumnKey, table.shape, name, self.key, type))
        set_values(self, ())

    def of(self, table: TableRef) -> ColumnRef[T]:
        """Return the same column of another reference to the table, usually an alias: `User.id.of(users.as_("boss"))`."""
        return ColumnRef(table, self.name, self.type, key=self.key, nullable=self.nullable)


def assigned(column: ColumnRef[Any], value: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return shape and values of what is written into a column: an expression, or a hole of the column's type."""
    if isinstance(value, Expr):
        return value.shape, value.values
    return HOLES[column.type], (value,)
