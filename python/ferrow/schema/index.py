"""CREATE INDEX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ferrow.model.index import Index
from ferrow.schema.answers import Answers, answers_of
from ferrow.schema.name import conventional, generated_name, shortened, words
from ferrow.schema.text import UNLESS_THERE, said

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect


def create_indexes(
    table: Table, dialect: Dialect, *, if_not_exists: bool = True, naming: Mapping[str, str] | None = None
) -> list[str]:
    """One statement per index: those of single columns, then those of the class. What is unique anyway gets no second one.

    `naming` says what indexes without a name are called, where the class has no `__naming__`.
    """
    answers = answers_of(dialect)
    return list(
        dict.fromkeys(
            create_index(table, index, dialect, if_not_exists=if_not_exists, naming=naming)
            for index in indexes_of(table)
            if answers.has_method(index.method)
        )
    )


def indexes_of(table: Table) -> list[Index]:
    """The indexes of the table's columns, then those of its class."""
    return [
        *(
            Index(column.key, unique=column.unique_index, name=column.index_name)
            for column in table.columns
            if (column.index or column.unique_index) and not (column.unique or table.primary_key == (column,))
        ),
        *table.indexes,
    ]


def index_name(table: Table, index: Index, dialect: Dialect, naming: Mapping[str, str] | None = None) -> str:
    """The name given, else by the project's convention, else by `naming`, else `ix_<table>_<columns>`.

    One that is too long for PostgreSQL is shortened, as that would: but so that it stays different from others, and the same name
    is found again.
    """
    if index.name is not None:
        return shortened(index.name)
    prefix = "ux" if index.unique else "ix"
    parts = [table.column(key).name for key in index.columns]
    parts += [words(said(sql, dialect, f"the expression of an index of {table.label}")) for sql in index.sql]
    return conventional(table, prefix, parts, naming=naming) or generated_name(prefix, table.name, *parts)


def drop_index(table: Table, name: str, dialect: Dialect) -> str:
    """DROP INDEX of the index of `table` that has this name."""
    quote = dialect.quote
    if answers_of(dialect).index_belongs_to_table:
        from ferrow.schema.table import table_name

        return f"DROP INDEX {quote(name)} ON {table_name(table, dialect)}"
    return f"DROP INDEX {quote(name) if table.schema is None else f'{quote(table.schema)}.{quote(name)}'}"


def create_index(
    table: Table,
    index: Index,
    dialect: Dialect,
    *,
    if_not_exists: bool = True,
    naming: Mapping[str, str] | None = None,
) -> str:
    """CREATE INDEX of one index; `naming` as for `create_indexes`."""
    quote, answers = dialect.quote, answers_of(dialect)
    what = f"an index of {table.label}"
    name, on = quote(index_name(table, index, dialect, naming)), quote(table.name)
    if table.schema is not None:
        if answers.index_carries_schema:
            name = f"{quote(table.schema)}.{name}"
        else:
            on = f"{quote(table.schema)}.{on}"
    keys = [_column(table, index, key, dialect) for key in index.columns]
    keys += [f"({said(sql, dialect, what)}){_opclass(index, None, dialect)}" for sql in index.sql]
    parts = [
        f"CREATE {'UNIQUE ' if index.unique else ''}INDEX {_unless_there(answers) if if_not_exists else ''}{name} ON {on}"
        f"{answers.method(index, quote)} ({', '.join(keys)})",
        *answers.index_clauses(index, [quote(table.column(key).name) for key in index.include]),
        f"WHERE {said(index.where, dialect, f'where= of {what}')}" if index.where is not None else "",
    ]
    return " ".join(filter(None, parts))


def _unless_there(answers: Answers) -> str:
    return "IF NOT EXISTS " if answers.index_if_not_exists else f"{UNLESS_THERE} "


def _column(table: Table, index: Index, key: str, dialect: Dialect) -> str:
    text = dialect.quote(table.column(key).name) + _opclass(index, key, dialect)
    return f"{text} DESC" if key in index.descending else text


def _opclass(index: Index, key: str | None, dialect: Dialect) -> str:
    quote: Callable[[str], str] = dialect.quote
    found = index.opclass_of(key) if answers_of(dialect).operator_classes else None
    return "" if found is None else f" {quote(found)}"
