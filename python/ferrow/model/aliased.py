"""A second name for a model: `boss = aliased(User, "boss")`, for queries that mean two rows of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from ferrow.errors import ModelError, nearest
from ferrow.model.binding import Binding, binding
from ferrow.model.relation_ref import RelationRef
from ferrow.model.table import Table

if TYPE_CHECKING:
    from ferrow.sql import TableRef

M = TypeVar("M")


def aliased(model: type[M], name: str) -> type[M]:
    """A model under another name, in the same query as itself. It is taken wherever the model is.

    boss = aliased(User, "boss")
    session.query(User).join(User.boss.to(boss)).filter(boss.name == "Ada")

    Its attributes are the columns and relations of those rows; rows become instances of the model itself.

    Args:
        model: a model class of any style.
        name: what the rows are called in SQL: other than the table and the other aliases of a query.

    Raises:
        ModelError: not a model, or an alias of one.
        ProgrammingError: a name that no database accepts.
    """
    if isinstance(model, Aliased):
        raise ModelError(f"{model!r} is an alias already: aliased({model.__ferrow_model__.__name__}, {name!r})")
    if not isinstance(name, str):
        raise ModelError(f"aliased({model.__qualname__}, {name!r}): the name is a str")
    return cast("type[M]", Aliased(model, name))


class AliasedTable(Table):
    """The table of an alias: the same columns, of another reference."""

    __slots__ = ()

    def __init__(self, table: Table, ref: TableRef) -> None:
        from copy import copy

        super().__init__(
            table.name,
            [copy(column) for column in table.columns],
            schema=table.schema,
            label=table.label,
            relations=list(table.relations.values()),
            visible=table.visible,
        )
        for column in self.columns:
            column._ref = None
        self._ref = ref


class Aliased:
    """What `aliased` makes. It is no class, although type checkers are told that it is the model."""

    def __init__(self, model: type, name: str) -> None:
        found = binding(model)
        table = AliasedTable(found.table, found.table.ref.as_(name))
        # Where `binding` and those who keep things on a model look.
        self.__ferrow_binding__: Binding = Binding(model, found.style, table)
        self.__ferrow_model__ = model

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        table = self.__ferrow_binding__.table
        column = table.by_key.get(key)
        if column is not None:
            return column.ref
        relation = table.relations.get(key)
        if relation is not None:
            return RelationRef(relation, table.ref)
        known = [*table.by_key, *table.relations]
        raise AttributeError(f"{table.label} has no column or relation {key!r}. {nearest(key, known)}")

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Refuse: rows of an alias are instances of the model."""
        name = self.__ferrow_model__.__name__
        raise TypeError(f"{self!r} is an alias for queries; make instances of {name} itself: {name}(...)")

    def __repr__(self) -> str:
        return f"<aliased {self.__ferrow_model__.__qualname__} as {self.__ferrow_binding__.table.ref.alias}>"
