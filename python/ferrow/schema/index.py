"""CREATE INDEX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.name import generated_name

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect


def create_indexes(table: Table, dialect: Dialect) -> list[str]:
    """One statement per index: those of single columns, then those of the class. What is unique anyway gets no second one."""
    statements = []
    for column in table.columns:
        unique_anyway = column.unique or table.primary_key == (column,)
        if (column.index or column.unique_index) and not unique_anyway:
            statements.append(
                _create(table, (column.name,), dialect, unique=column.unique_index, name=column.index_name)
            )
    for index in table.indexes:
        names = tuple(table.column(key).name for key in index.columns)
        statements.append(_create(table, names, dialect, unique=index.unique, name=index.name))
    return list(dict.fromkeys(statements))


def _create(table: Table, columns: tuple[str, ...], dialect: Dialect, *, unique: bool, name: str | None) -> str:
    index = dialect.quote(name or generated_name("ux" if unique else "ix", table.name, *columns))
    on = dialect.quote(table.name)
    if table.schema is not None:
        schema = dialect.quote(table.schema)
        if answers_of(dialect).index_carries_schema:
            index = f"{schema}.{index}"
        else:
            on = f"{schema}.{on}"
    listed = ", ".join(map(dialect.quote, columns))
    return f"CREATE {'UNIQUE ' if unique else ''}INDEX IF NOT EXISTS {index} ON {on} ({listed})"
