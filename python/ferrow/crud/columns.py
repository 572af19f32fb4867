"""Which columns an instance sends, and what it sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.crud.errors import UnknownField
from ferrow.crud.partial import given_of, is_partial
from ferrow.crud.remembered import assigned
from ferrow.errors import DataError, UnknownColumn
from ferrow.model.binding import binding
from ferrow.model.given import given
from ferrow.model.writing import refused
from ferrow.orm.statements.conflict import named_columns

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan
    from ferrow.orm.statements.conflict import Names

Columns = tuple["Column", ...]


def inserted(plan: Plan[Any], instance: Any) -> Columns:
    """What INSERT sends: what has a value, and what was given as None. The database has its own defaults for the rest.

    Raises:
        DataError: a value for a column that the database always fills itself.
    """
    values: dict[str, Any] | None = getattr(instance, "__dict__", None)
    read = values.get if values is not None else lambda key: getattr(instance, key, None)
    fields_set = getattr(instance, "__pydantic_fields_set__", None)
    sent = []
    for column in plan.table.columns:
        if column.computed is not None:
            continue
        key = column.key
        value = read(key)
        if value is None:
            if (
                fields_set is None
                or key not in fields_set
                or column.primary_key
                or (column.generated and not column.nullable)
            ):
                continue
        elif column.primary_key and not value and fields_set is not None and key not in fields_set:
            continue  # `id: int = 0` stands for a key that there is not yet
        if column.read_only:
            raise refused(column)
        sent.append(column)
    if fields_set is None:
        sent += [c for c in plan.table.columns if _none_by_will(c, read(c.key))]
    return tuple(sent)


def _none_by_will(column: Column, value: Any) -> bool:
    """Whether None is in the place of a default that is something else."""
    default = column.default
    return (
        value is None
        and default is not None
        and not callable(default)
        and not column.primary_key
        and not column.read_only
    )


def updated(plan: Plan[Any], instance: Any, fields: Names | None, engine: AsyncEngine | None = None) -> Columns:
    """What UPDATE sets: `fields`, else what was given.

    Raises:
        UnknownField: the model has no such field.
        DataError: a column that the database always fills itself is among `fields`.
    """
    table = plan.table
    if fields is not None:
        try:
            named = named_columns(table, fields)
        except UnknownColumn as error:
            raise UnknownField(str(error)) from None
        for column in named:
            if column.read_only or column.primary_key:
                raise _unchangeable(column)
        return named
    cls = type(instance)
    if is_partial(cls):
        known: Any = given_of(instance)
    elif hasattr(cls, "__pydantic_fields__"):
        since = assigned(instance, engine, table.primary_key)
        known = given(instance, table) if since is None else since
    else:
        known = table.by_key
    return tuple(
        [c for c in table.columns if c.key in known and not (c.primary_key or c.read_only) and c is not table.version]
    )


def _unchangeable(column: Column) -> DataError:
    if column.primary_key:
        return DataError(
            f"{column.table.label}.{column.key} is the primary key, by which the row is found, and cannot be changed"
        )
    return refused(column)


def values(plan: Plan[Any], instance: Any, columns: Sequence[Column], doing: str) -> tuple[Any, ...]:
    """The values of these columns as the database takes them; those of a partial instance are held against the constraints.

    Raises:
        DataError: a value that a column's own conversion refuses (a word no enumeration has).
    """
    if is_partial(type(instance)):
        instance = _whole(plan, instance)
    try:
        return plan.writer.row(tuple(columns))(instance)
    except (TypeError, ValueError) as error:
        msg = f"{plan.table.label} cannot be {doing}: {error}"
        raise DataError(msg) from error


class _Holder:
    """What was checked, by attribute."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def _whole(plan: Plan[Any], instance: Any) -> Any:
    known = binding(type(instance))
    if known.style != "pydantic":
        return instance
    from ferrow.crud.partial_pydantic import checked

    return _Holder(checked(known.model, given_of(instance)))


def is_validated(plan: Plan[Any]) -> bool:
    """Whether what comes back goes through the model's own validators, which may refuse it."""
    return binding(plan.model).reading.build == "call"
