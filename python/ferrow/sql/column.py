"""Columns as a query sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ferrow.errors import ProgrammingError
from ferrow.identifier import check_identifier
from ferrow.sql.expr import Expr
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import HOLES, Leaf, interned
from ferrow.sql.source import Source, SourceKey
from ferrow.sql.typed import set_type
from ferrow.sql.writer import Writer
from ferrow.types import SQLType

if TYPE_CHECKING:
    from ferrow.sql.expr import Condition

T = TypeVar("T")


class ColumnKey(Leaf):
    """The shape of a column. `decode` stands here because whoever reads a result knows nothing but its shape."""

    __slots__ = ("decode", "key", "name", "table", "type")

    def __init__(
        self, table: SourceKey, name: str, key: str, type: SQLType, decode: Callable[[Any], Any] | None = None
    ) -> None:
        self.decode: Callable[[Any], Any] | None = decode
        self.table: SourceKey = table
        self.name: str = name
        self.key: str = key
        self.type: SQLType = type

    @property
    def stored(self) -> bool:  # type: ignore[override]  # depends on the source
        """Whether it is a column of a table, with the collation the table gave it."""
        return self.table.stored

    def write(self, out: Writer) -> str:
        """Return the column's name, after its table's where a bare name could be ambiguous."""
        name = out.name(self.name)
        return self.table.named(out, name) if out.qualify else name


class ColumnRef(Expr[T]):
    """A column of a table, or of another source.

    Attributes:
        table: the table it belongs to.
        name: the name in the database.
        key: the attribute's name in the model (the name under which results give it).
        type: the SQL type.
        nullable: whether it may hold NULL.
    """

    __slots__ = ("key", "name", "nullable", "table")

    table: Source
    name: str
    key: str
    nullable: bool

    def __init__(
        self,
        table: Source,
        name: str,
        type: SQLType,
        *,
        key: str | None = None,
        nullable: bool = False,
        decode: Callable[[Any], Any] | None = None,
    ) -> None:
        """Refer to a column; `key` is `name` unless given.

        `decode` turns what the database gives (never NULL) into what the model's attribute holds; None if they are the same.

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
        set_shape(self, interned(ColumnKey, table.key, name, self.key, type, decode))
        set_values(self, ())

    def of(self, table: Source, name: str | None = None) -> ColumnRef[T]:
        """Return the same column of another source: of an alias (`User.id.of(users.as_("boss"))`), or of a subquery that has it.

        `name` is what it is called there, if not by its own name.

        Raises:
            ProgrammingError: a name that no database accepts.
        """
        key = self.key if name is None else name
        return ColumnRef(table, name or self.name, self.type, key=key, nullable=self.nullable, decode=self.decode)

    # For checkers a relation is a column of its objects; at run time it is `ferrow.model.relation_ref.RelationRef`.

    def any(self, *conditions: Expr[bool] | Expr[bool | None] | Any, **keywords: Any) -> Condition:
        """For a relation to many objects: whether one of them meets all conditions, `User.posts.any(Post.title == "x")`.

        Raises:
            ProgrammingError: this is no relation.
        """
        raise self._no_relation("any")

    def has(self, *conditions: Expr[bool] | Expr[bool | None] | Any, **keywords: Any) -> Condition:
        """For a relation to one object: whether it is there, and meets all conditions, `Post.author.has(name="Ada")`.

        Raises:
            ProgrammingError: this is no relation.
        """
        raise self._no_relation("has")

    def to(self, alias: Any) -> Self:
        """For a relation: the same one to rows that go by an alias, `query.join(Employee.boss.to(boss))`.

        Raises:
            ProgrammingError: this is no relation.
        """
        raise self._no_relation("to")

    def _no_relation(self, method: str) -> ProgrammingError:
        return ProgrammingError(f"{self.table.key.called}.{self.key} is a column; {method}() is for relations")

    @property
    def decode(self) -> Callable[[Any], Any] | None:
        """What turns a value from the database (never NULL) into the attribute's; None if it is it already."""
        shape: Any = self.shape
        found: Callable[[Any], Any] | None = shape.decode
        return found


def assigned(column: ColumnRef[Any], value: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return shape and values of what is written into a column: an expression, or a hole of the column's type."""
    if isinstance(value, Expr):
        return value.shape, value.values
    return HOLES[column.type], (value,)
