"""The statements that create and drop tables, as lists of SQL text without semicolons. Nothing is executed here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.index import create_indexes
from ferrow.schema.order import Order, arrange
from ferrow.schema.reference import add_reference
from ferrow.schema.table import table_name, table_text

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect

__all__ = ["create_all", "create_indexes", "create_table", "drop_all", "drop_table"]


def create_table(table: Table, dialect: Dialect, *, if_not_exists: bool = False) -> list[str]:
    """CREATE TABLE, then CREATE INDEX for each index.

    Indexes are always `IF NOT EXISTS`, so that a run that was interrupted between the two can be repeated.
    """
    return [table_text(table, dialect, if_not_exists=if_not_exists), *create_indexes(table, dialect)]


def create_all(tables: Iterable[Table], dialect: Dialect, *, if_not_exists: bool = True) -> list[str]:
    """Create tables in an order that foreign keys allow; foreign keys that run in a circle are added at the end."""
    answers = answers_of(dialect)
    arranged = arrange(tables)
    statements: list[str] = []
    late: list[str] = []
    for table in arranged.tables:
        deferred = arranged.deferred.get(table, ()) if answers.adds_foreign_keys else ()
        statements.append(table_text(table, dialect, if_not_exists=if_not_exists, without=deferred))
        statements += create_indexes(table, dialect)
        late += [add_reference(table, column, dialect, if_not_exists=if_not_exists) for column in deferred]
    return statements + late


def drop_table(table: Table, dialect: Dialect, *, if_exists: bool = True) -> list[str]:
    """DROP TABLE; its indexes go with it. Fails if another table refers to it."""
    return [_drop([table], dialect, if_exists)]


def drop_all(tables: Iterable[Table], dialect: Dialect, *, if_exists: bool = True) -> list[str]:
    """Drop tables in the reverse of the order in which they are created. To be executed in one transaction."""
    answers = answers_of(dialect)
    arranged: Order = arrange(tables)
    backwards = list(reversed(arranged.tables))
    if not arranged.deferred:
        return [_drop([table], dialect, if_exists) for table in backwards]
    if answers.drops_together:
        return [_drop(backwards, dialect, if_exists)]
    return [*answers.before_circular_drop, *(_drop([table], dialect, if_exists) for table in backwards)]


def _drop(tables: list[Table], dialect: Dialect, if_exists: bool) -> str:
    names = ", ".join(table_name(table, dialect) for table in tables)
    return f"DROP TABLE {'IF EXISTS ' if if_exists else ''}{names}"
