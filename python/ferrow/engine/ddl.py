"""CREATE and DROP for models of any style."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql.dialect import Dialect


def create_script(models: tuple[type, ...], dialect: Dialect) -> list[str]:
    """The statements that create what does not exist yet. Raises ModelError for a misspelt junction table as well: by now models are known."""
    from ferrow.model.secondary import check_all
    from ferrow.schema.ddl import create_all

    tables = _tables(models)
    check_all(tables)
    return create_all(tables, dialect)


def drop_script(models: tuple[type, ...], dialect: Dialect) -> list[str]:
    """The statements that drop what exists."""
    from ferrow.schema.ddl import drop_all

    return drop_all(_tables(models), dialect)


def _tables(models: tuple[type, ...]) -> list[Table]:
    from ferrow.model import table_of

    return [table_of(model) for model in models or declared()]


def declared() -> list[type]:
    """Every `Base` subclass that stands for a table. Raises ModelError if two stand for the same one."""
    clash = _clash(found := _living())
    if clash:
        gc.collect()  # a class that was redefined lives on until its reference cycles are collected
        clash = _clash(found := _living())
    if clash:
        raise ModelError(f"{clash}. Name the models that are meant: create_all(A, B)")
    return found


def _living() -> list[type]:
    from ferrow.model import Base

    found: dict[tuple[str, str], type] = {}
    waiting: list[Any] = [Base]
    while waiting:
        cls = waiting.pop()
        waiting += reversed(cls.__subclasses__())
        if not cls.__abstract__:
            found[cls.__module__, cls.__qualname__] = cls  # redefined: the last one counts
    return [*found.values()]


def _clash(models: list[type]) -> str | None:
    from ferrow.model import table_of

    seen: dict[tuple[str | None, str], type] = {}
    for model in models:
        table = table_of(model)
        other = seen.setdefault((table.schema, table.name), model)
        if other is not model:
            names = [f"{cls.__module__}.{cls.__qualname__}" for cls in (other, model)]
            return f"{' and '.join(names)} are both declared for the table {table.name!r}"
    return None
