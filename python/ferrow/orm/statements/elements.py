"""What a row of a select consists of: models and expressions, each possibly missing after an outer join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

from ferrow.errors import ProgrammingError
from ferrow.model import table_of
from ferrow.orm.generic import T
from ferrow.sql import ColumnRef, Expr, Labelled
from ferrow.sql.expr import set_type
from ferrow.sql.node import set_shape, set_values

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql import TableRef

E = TypeVar("E")


class Entity:
    """A model in a statement: its class, the table it is read from, and the columns there, in the model's order.

    `label` is the name of the class, or the alias.
    """

    __slots__ = ("key", "label", "model", "refs", "source", "table")

    def __init__(
        self, model: type, table: Table, source: TableRef, refs: Sequence[ColumnRef[Any]], label: str | None = None
    ) -> None:
        self.model: type = model
        self.table: Table = table
        self.source: TableRef = source
        self.refs: tuple[ColumnRef[Any], ...] = tuple(refs)
        self.label: str = label or table.label
        self.key: tuple[int, ...] = tuple([place for place, column in enumerate(table.columns) if column.primary_key])
        """The positions of the primary key among the columns; empty for a model that has none."""


class Outer(Generic[E]):
    """A model that an outer join may have nothing for. Made by `optional(Model)`."""

    __slots__ = ("model",)

    def __init__(self, model: Any) -> None:
        self.model: Any = model

    def __repr__(self) -> str:
        return f"optional({getattr(self.model, '__qualname__', self.model)})"


class Possible(Expr[T]):
    """An expression that an outer join may have nothing for: the same in SQL. Made by `optional(column)`."""

    __slots__ = ("expr",)

    expr: Expr[Any]

    def __init__(self, expr: Expr[Any]) -> None:
        object.__setattr__(self, "expr", expr)
        set_type(self, expr.type)
        set_shape(self, expr.shape)
        set_values(self, expr.values)


Selectable: TypeAlias = type[T] | Expr[T] | Outer[T]
"""What `select` takes: a model, an expression, or one of them in `optional()`."""


@overload
def optional(of: type[E]) -> Outer[E | None]: ...
@overload
def optional(of: Expr[E]) -> Expr[E | None]: ...
def optional(of: Any) -> Any:
    """A model or a column of the side of an outer join that may be missing: in a result it is None then.

        select(User, optional(Post)).left_join(Post, Post.author_id == User.id)     # rows are tuple[User, Post | None]

    Raises:
        ModelError: neither a model nor an expression.
    """
    if isinstance(of, Expr):
        return Possible(of)
    entity_of(of)  # what is no model is an error here
    return Outer(of)


def entity_of(model: Any) -> Entity:
    """The entity of a model class, or of an alias of one. Raises ModelError for anything else."""
    try:
        # Read from the class's own dictionary: a subclass is another model.
        found: Entity = model.__dict__["__ferrow_entity__"]
    except (KeyError, AttributeError):
        table = table_of(model)
        found = Entity(model, table, table.ref, [column.ref for column in table.columns], table.ref.alias)
        model.__ferrow_entity__ = found
    return found


class Element:
    """One element of a row: an `entity`, or an `expr`. `optional` is whether it was said that it may be missing."""

    __slots__ = ("entity", "expr", "name", "optional")

    def __init__(self, given: Any) -> None:
        """Raises ProgrammingError for what cannot be selected."""
        self.optional: bool = isinstance(given, (Outer, Possible))
        self.entity: Entity | None = None
        self.expr: Expr[Any] | None = None
        inner = given.model if isinstance(given, Outer) else given.expr if isinstance(given, Possible) else given
        if isinstance(inner, Labelled) and isinstance(inner.expr, Possible):
            self.optional = True
        if isinstance(inner, Expr):
            self.expr = inner
            self.name: str | None = _name(inner)
        elif isinstance(inner, str):
            msg = (
                f"select() takes models, columns and expressions, not the text {inner!r}; write Model.{inner}, "
                "or Model and then columns of the result"
            )
            raise ProgrammingError(msg)
        else:
            self.entity = entity_of(inner)
            self.name = self.entity.label

    @property
    def columns(self) -> tuple[Expr[Any], ...]:
        """The result columns."""
        if self.entity is not None:
            return self.entity.refs
        assert self.expr is not None
        # A column that has another name in the model is called by that one, in subqueries too.
        if isinstance(self.expr, ColumnRef) and self.expr.key != self.expr.name:
            return (self.expr.label(self.expr.key),)
        return (self.expr,)


def _name(expr: Expr[Any]) -> str | None:
    if isinstance(expr, Labelled):
        return expr.name
    return expr.key if isinstance(expr, ColumnRef) else None
