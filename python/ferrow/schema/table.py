"""The text of CREATE TABLE. What stands in it, and in which order, is the list in `table_text`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ferrow.errors import ModelError
from ferrow.schema.answers import answers_of
from ferrow.schema.column import checked, column_text
from ferrow.schema.name import conventional, words
from ferrow.schema.reference import key_name, reference
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
    _different(table, dialect)
    start = f"CREATE TABLE {'IF NOT EXISTS ' if if_not_exists else ''}{table_name(table, dialect)}"
    return f"{start} (\n    " + ",\n    ".join(lines) + "\n)" + answers_of(dialect).table_options(table)


def _different(table: Table, dialect: Dialect) -> None:
    """Raises ModelError if two constraints have one name: PostgreSQL refuses that, SQLite would take it."""
    names = [_unique_name(table, unique) for unique in table.uniques]
    names += [check_name(table, check, dialect) for check in table.checks]
    names += [key_name(table, key) for key in table.references]
    twice = next((name for name in names if name is not None and names.count(name) > 1), None)
    if twice is not None:
        raise ModelError(f"{table.label} has two constraints called {twice!r}. Give one another name: name=...")


def _unique_name(table: Table, unique: UniqueConstraint) -> str | None:
    return unique.name or conventional(table, "uq", [table.column(key).name for key in unique.columns])


def check_name(table: Table, check: CheckConstraint, dialect: Dialect) -> str | None:
    """The name given, else by the project's convention; None leaves it to the server."""
    return check.name or conventional(table, "ck", [words(_condition(table, check, dialect))])


def _condition(table: Table, check: CheckConstraint, dialect: Dialect) -> str:
    return said(check.sql, dialect, f"a CheckConstraint of {table.label}")


def check_texts(table: Table, dialect: Dialect) -> list[str]:
    """All the conditions that stand in CREATE TABLE, those of columns too."""
    found = [_condition(table, check, dialect) for check in table.checks]
    for column in table.columns:
        found += checked(column, dialect)
    return found


def _key(table: Table, dialect: Dialect) -> list[str]:
    if len(table.primary_key) < 2:
        return []
    names = [column.name for column in table.primary_key]
    return [f"{_named(conventional(table, 'pk', names), dialect)}PRIMARY KEY ({_listed(names, dialect)})"]


def _unique(table: Table, unique: UniqueConstraint, dialect: Dialect) -> str:
    names = [table.column(key).name for key in unique.columns]
    clause = answers_of(dialect).unique(unique.nulls_not_distinct)
    return f"{_named(_unique_name(table, unique), dialect)}{clause} ({_listed(names, dialect)})"


def _check(table: Table, check: CheckConstraint, dialect: Dialect) -> str:
    return f"{_named(check_name(table, check, dialect), dialect)}CHECK ({_condition(table, check, dialect)})"


def _named(name: str | None, dialect: Dialect) -> str:
    return "" if name is None else f"CONSTRAINT {dialect.quote(name)} "


def _listed(names: Iterable[str], dialect: Dialect) -> str:
    return ", ".join(map(dialect.quote, names))
