"""The text of CREATE TABLE. What stands in it, and in which order, is the list in `table_text`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.column import column_text
from ferrow.schema.name import conventional, words
from ferrow.schema.reference import reference
from ferrow.schema.text import said

if TYPE_CHECKING:
    from ferrow.model.constraint import CheckConstraint, UniqueConstraint
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect


def table_name(table: Table, dialect: Dialect) -> str:
    """The table's name, quoted where needed, after its schema's."""
    name = dialect.quote(table.name)
    return name if table.schema is None else f"{dialect.quote(table.schema)}.{name}"


def table_text(
    table: Table, dialect: Dialect, *, if_not_exists: bool, without: Collection[ForeignKeyConstraint] = ()
) -> str:
    """CREATE TABLE, leaving out the foreign keys in `without`."""
    lines = [
        *(column_text(column, dialect) for column in table.columns),
        *_key(table, dialect),
        *(_unique(table, unique, dialect) for unique in table.uniques),
        *(_check(table, check, dialect) for check in table.checks),
        *(reference(table, key, dialect) for key in table.references if key not in without),
    ]
    start = f"CREATE TABLE {'IF NOT EXISTS ' if if_not_exists else ''}{table_name(table, dialect)}"
    return f"{start} (\n    " + ",\n    ".join(lines) + "\n)"


def _key(table: Table, dialect: Dialect) -> list[str]:
    if len(table.primary_key) < 2:
        return []
    names = [column.name for column in table.primary_key]
    return [f"{_named(conventional(table, 'pk', names), dialect)}PRIMARY KEY ({_listed(names, dialect)})"]


def _unique(table: Table, unique: UniqueConstraint, dialect: Dialect) -> str:
    names = [table.column(key).name for key in unique.columns]
    name = unique.name or conventional(table, "uq", names)
    clause = answers_of(dialect).unique(unique.nulls_not_distinct)
    return f"{_named(name, dialect)}{clause} ({_listed(names, dialect)})"


def _check(table: Table, check: CheckConstraint, dialect: Dialect) -> str:
    sql = said(check.sql, dialect, f"a CheckConstraint of {table.label}")
    return f"{_named(check.name or conventional(table, 'ck', [words(sql)]), dialect)}CHECK ({sql})"


def _named(name: str | None, dialect: Dialect) -> str:
    return "" if name is None else f"CONSTRAINT {dialect.quote(name)} "


def _listed(names: Iterable[str], dialect: Dialect) -> str:
    return ", ".join(map(dialect.quote, names))
