"""Which rows of a model are seen where nothing else is said: those that were not deleted softly, and are in its `__scope__`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ferrow.errors import ModelError
from ferrow.model.above import about

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.sql import Condition, Expr, TableRef

Deleted: TypeAlias = Literal["without", "with", "only"]
"""Whether rows that were deleted are left out, there too, or the only ones."""

_asking: Any = None  # the models whose `__scope__` is being asked, a context variable made on first use


class Visible:
    """What a model says about its rows. `deleted` is the column of soft deletion or None, `scopes` what `__scope__` says."""

    __slots__ = ("deleted", "model", "scopes")

    def __init__(self, model: type, deleted: Column | None, scopes: tuple[Any, ...]) -> None:
        self.model: type = model
        self.deleted: Column | None = deleted
        self.scopes: tuple[Any, ...] = scopes

    def condition(self, ref: TableRef, deleted: Deleted = "without", *, scoped: bool = True) -> Condition | None:
        """What holds for the rows of `ref`, the model's table or an alias of it, that are seen; None if all are.

        Raises ModelError for a `__scope__` that is no condition.
        """
        from ferrow.sql import and_

        found: list[Condition] = []
        if self.deleted is not None and deleted != "with":
            column = self.deleted.ref.of(ref)
            found.append(column.is_null() if deleted == "without" else column.is_not_null())
        if scoped and self.scopes:
            found += self._scopes(ref)
        return and_(*found) if found else None

    def _scopes(self, ref: TableRef) -> list[Condition]:
        from ferrow.model.binding import table_of
        from ferrow.sql.expr import condition
        from ferrow.sql.repoint import repoint

        own = table_of(self.model).ref
        asking = _asked()
        around = asking.get()
        if self.model in around:
            return []  # a scope along relations has come back to its own model: that end of it is not looked at
        token = asking.set(around | {self.model})
        try:
            found = [one for scope in self.scopes if (one := self._meant(scope)) is not None]
        finally:
            asking.reset(token)
        if ref.key is own.key:
            return found
        return [condition(repoint(one.shape, own.key, ref.key), one.values) for one in found]

    def _meant(self, scope: Any) -> Condition | None:
        from ferrow.sql import Expr

        said = scope
        if isinstance(scope, (classmethod, staticmethod)):
            said = scope.__get__(None, self.model)()
        elif callable(scope) and not isinstance(scope, (Expr, Mapping)) and not hasattr(scope, "resolved"):
            said = scope(self.model)
        if said is None:
            return None
        if not (isinstance(said, (Mapping, Expr)) or hasattr(said, "resolved")):
            raise ModelError(
                f"{self.model.__qualname__}.__scope__ says {said!r}: it is a dict of keywords as filter() takes, a condition, a Q, or a "
                "function of the class that gives one of them."
            )
        return about(self.model, (), said) if isinstance(said, Mapping) else about(self.model, (said,), {})


def _asked() -> Any:
    global _asking
    if _asking is None:
        from contextvars import ContextVar

        _asking = ContextVar("ferrow_scopes", default=frozenset())
    return _asking


def visible_of(cls: type, columns: Sequence[Column]) -> Visible | None:
    """What a class says; None for the usual one, all of whose rows are seen.

    Raises:
        ModelError: two columns of soft deletion, or one that is never NULL.
    """
    deleted = [column for column in columns if column.soft_delete]
    if len(deleted) > 1:
        names = ", ".join(column.key for column in deleted)
        raise ModelError(f"{cls.__qualname__}: only one column can say when a row was deleted, not {names}.")
    for column in deleted:
        if not column.nullable or column.primary_key:
            raise ModelError(
                f"{cls.__qualname__}.{column.key} says when a row was deleted (soft_delete=True), and is NULL until then: "
                f"annotate it as datetime | None."
            )
    scopes: list[Any] = []
    for base in reversed(cls.__mro__):
        if "__scope__" in base.__dict__:
            # None forgets what the bases say; else all of it holds, as two mixins that have scopes both mean it.
            said = base.__dict__["__scope__"]
            scopes = [] if said is None else [*scopes, said]
    return Visible(cls, deleted[0] if deleted else None, tuple(scopes)) if deleted or scopes else None


def seen(table: Table, inner: Condition | None = None) -> Condition | None:
    """`inner` of the rows of a table that are seen."""
    found = None if table.visible is None else table.visible.condition(table.ref)
    if found is None or inner is None:
        return inner if found is None else found
    from ferrow.sql import and_

    return and_(found, inner)


def seen_through(junction: TableRef, ref: TableRef) -> Condition | None:
    """What holds for the rows of a junction, `ref` in a query, that are seen: its model may have a say too."""
    table: Table | None = getattr(junction, "described", None)
    return None if table is None or table.visible is None else table.visible.condition(ref)


def moment(column: Column) -> Expr[Any]:
    """Now, as the database knows it, for a column of soft deletion. Raises ModelError for another type than a datetime or date."""
    from ferrow.sql import func

    kind = column.type.kind
    if kind == "date":
        return func.current_date()
    if kind not in ("timestamp", "timestamptz"):
        raise ModelError(
            f"{column.table.label}.{column.key} says when a row was deleted (soft_delete=True): it is a datetime or a date, not {column.type!r}."
        )
    return func.now(timezone=kind == "timestamptz")
