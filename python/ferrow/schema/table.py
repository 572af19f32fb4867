"""The text of CREATE TABLE. What stands in it, and in which order, is the list in `table_text`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ferrow.errors import ModelError
from ferrow.schema.answers import answers_of
from ferrow.schema.reference import reference

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect


def table_name(table: Table, dialect: Dialect) -> str:
    """The table's name, quoted where needed, after its schema's."""
    name = dialect.quote(table.name)
    return name if table.schema is None else f"{dialect.quote(table.schema)}.{name}"


def table_text(table: Table, dialect: Dialect, *, if_not_exists: bool, without: Collection[Column] = ()) -> str:
    """CREATE TABLE, leaving out the foreign keys of the columns in `without`."""
    lines = [
        *(column_text(column, dialect) for column in table.columns),
        *_key(table, dialect),
        *(
            f"{_named(unique.name, dialect)}UNIQUE ({_columns(table, unique.columns, dialect)})"
            for unique in table.uniques
        ),
        *(f"{_named(check.name, dialect)}CHECK ({check.sql})" for check in table.checks),
        *(reference(table, column, dialect) for column in table.foreign_keys if column not in without),
    ]
    start = f"CREATE TABLE {'IF NOT EXISTS ' if if_not_exists else ''}{table_name(table, dialect)}"
    return f"{start} (\n    " + ",\n    ".join(lines) + "\n)"


def column_text(column: Column, dialect: Dialect) -> str:
    """One line: name, type, key or NOT NULL, UNIQUE, DEFAULT, CHECK."""
    answers = answers_of(dialect)
    whole_key = column.primary_key and len(column.table.primary_key) == 1
    parts = [
        dialect.quote(column.name),
        answers.identity(column) if column.autoincrement else column.type.name(dialect.name),
        answers.key_clause(column) if whole_key else "" if column.nullable else "NOT NULL",
        "UNIQUE" if column.unique and not whole_key else "",
        _default(column, dialect),
        f"CHECK ({column.check})" if column.check else "",
    ]
    return " ".join(filter(None, parts))


def _default(column: Column, dialect: Dialect) -> str:
    sql = column.server_default
    if isinstance(sql, Mapping):
        if dialect.name not in sql:
            raise ModelError(
                f"{column!r}: server_default has no entry for {dialect.name!r}, only for {', '.join(sql)}."
            )
        sql = sql[dialect.name]
    return "" if sql is None else f"DEFAULT {answers_of(dialect).default(column, sql)}"


def _key(table: Table, dialect: Dialect) -> list[str]:
    if len(table.primary_key) < 2:
        return []
    return [f"PRIMARY KEY ({', '.join(dialect.quote(column.name) for column in table.primary_key)})"]


def _named(name: str | None, dialect: Dialect) -> str:
    return "" if name is None else f"CONSTRAINT {dialect.quote(name)} "


def _columns(table: Table, keys: Collection[str], dialect: Dialect) -> str:
    return ", ".join(dialect.quote(table.column(key).name) for key in keys)
