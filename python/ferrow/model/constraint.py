"""What every row of a table fulfils: uniqueness and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.described import Described


class UniqueConstraint(Described):
    """No two rows agree in all of these columns, given by attribute name.

    Args:
        name: default: by `__naming__`, else the server's.
        nulls_not_distinct: two NULLs count as equal (PostgreSQL 15; SQLite has no such constraint).

    Raises ModelError without columns.
    """

    __slots__ = ("columns", "name", "nulls_not_distinct")

    def __init__(self, *columns: str, name: str | None = None, nulls_not_distinct: bool = False) -> None:
        self.columns: tuple[str, ...] = names_of("UniqueConstraint", columns)
        self.name: str | None = name
        self.nulls_not_distinct: bool = nulls_not_distinct


class CheckConstraint(Described):
    """A condition every row fulfils.

    `sql` is SQL text and is used as it is; a mapping gives one per dialect. `name`: default: by `__naming__`, else the server's.
    """

    __slots__ = ("sql", "name")

    def __init__(self, sql: str | Mapping[str, str], name: str | None = None) -> None:
        self.sql: str | Mapping[str, str] = sql_text("CheckConstraint", sql)
        self.name: str | None = name


def names_of(what: str, columns: tuple[Any, ...]) -> tuple[str, ...]:
    """The columns, each of which is a name. Raises ModelError for none, or something else."""
    if not columns or not all(isinstance(column, str) and column for column in columns):
        raise ModelError(f"{what}{columns!r} needs the names of its columns, for example {what}('name', 'email').")
    return columns


def sql_text(what: str, sql: Any) -> str | Mapping[str, str]:
    """SQL text, or one per dialect. Raises ModelError for anything else."""
    texts = sql.values() if isinstance(sql, Mapping) else (sql,)
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ModelError(f'{what}({sql!r}) needs SQL text, or one per database: {{"postgresql": ..., "sqlite": ...}}.')
    given: str | Mapping[str, str] = sql
    return given
