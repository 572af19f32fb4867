"""The statements that create and drop tables, as lists of SQL text without semicolons. Nothing is executed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ferrow.errors import ModelError
from ferrow.schema.answers import answers_of
from ferrow.schema.comment import comments
from ferrow.schema.enum import create_type, drop_type, enumerations
from ferrow.schema.index import create_indexes, index_name, indexes_of
from ferrow.schema.order import Order, arrange
from ferrow.schema.reference import add_reference
from ferrow.schema.table import table_name, table_text

if TYPE_CHECKING:
    from ferrow.model.index import Index
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect

__all__ = ["create_all", "create_indexes", "create_table", "drop_all", "drop_table"]


def create_table(
    table: Table,
    dialect: Dialect,
    *,
    if_not_exists: bool = False,
    indexes_if_not_exist: bool = True,
    naming: Mapping[str, str] | None = None,
) -> list[str]:
    """CREATE TYPE for the enumerations it has, CREATE TABLE, CREATE INDEX for each index, comments.

    Indexes are `IF NOT EXISTS` unless that is switched off, so that a run that was interrupted between the two can be repeated.
    `naming` says what indexes without a name are called, where the class has no `__naming__`.
    """
    return [
        *_types([table], dialect, if_not_exists=True),
        table_text(table, dialect, if_not_exists=if_not_exists),
        *_rest(table, dialect, naming, if_not_exists=indexes_if_not_exist),
    ]


def create_all(
    tables: Iterable[Table], dialect: Dialect, *, if_not_exists: bool = True, naming: Mapping[str, str] | None = None
) -> list[str]:
    """Create tables in an order that foreign keys allow; foreign keys that run in a circle are added at the end.

    `naming` as for `create_table`. Raises ModelError where two types, or two indexes, would have one name.
    """
    answers = answers_of(dialect)
    arranged = arrange(tables)
    _different_indexes(arranged.tables, dialect)
    statements = _types(arranged.tables, dialect, if_not_exists=if_not_exists)
    late: list[str] = []
    for table in arranged.tables:
        deferred = arranged.deferred.get(table, ()) if answers.adds_foreign_keys else ()
        statements.append(table_text(table, dialect, if_not_exists=if_not_exists, without=deferred))
        statements += _rest(table, dialect, naming)
        late += [add_reference(table, key, dialect, if_not_exists=if_not_exists) for key in deferred]
    return statements + late


def drop_table(table: Table, dialect: Dialect, *, if_exists: bool = True) -> list[str]:
    """DROP TABLE; its indexes go with it, the types of its columns do not. Fails if another table refers to it."""
    return [_drop([table], dialect, if_exists)]


def drop_all(tables: Iterable[Table], dialect: Dialect, *, if_exists: bool = True) -> list[str]:
    """Drop tables in the reverse of the order in which they are created, then the types that nothing needs any more.

    To be executed in one transaction.
    """
    answers = answers_of(dialect)
    arranged: Order = arrange(tables)
    backwards = list(reversed(arranged.tables))
    types = [drop_type(kind, dialect) for kind in enumerations(backwards)] if answers.creates_types else []
    if not arranged.deferred:
        return [_drop([table], dialect, if_exists) for table in backwards] + types
    if answers.drops_together:
        return [_drop(backwards, dialect, if_exists), *types]
    return [*answers.before_circular_drop, *(_drop([table], dialect, if_exists) for table in backwards), *types]


def _drop(tables: list[Table], dialect: Dialect, if_exists: bool) -> str:
    names = ", ".join(table_name(table, dialect) for table in tables)
    return f"DROP TABLE {'IF EXISTS ' if if_exists else ''}{names}"


def _types(tables: list[Table], dialect: Dialect, *, if_not_exists: bool) -> list[str]:
    if not answers_of(dialect).creates_types:
        return []
    return [create_type(kind, dialect, if_not_exists=if_not_exists) for kind in enumerations(tables)]


def _rest(table: Table, dialect: Dialect, naming: Mapping[str, str] | None, *, if_not_exists: bool = True) -> list[str]:
    return [
        *answers_of(dialect).after_create(table, dialect),
        *create_indexes(table, dialect, if_not_exists=if_not_exists, naming=naming),
        *comments(table, dialect),
    ]


def _different_indexes(tables: list[Table], dialect: Dialect) -> None:
    """An index is created only if there is none of its name, so a second one of that name would silently be missing."""
    seen: dict[tuple[str | None, str], tuple[Table, Index]] = {}
    for table in tables:
        for index in indexes_of(table):
            name = index_name(table, index, dialect)
            other, first = seen.setdefault((table.schema, name), (table, index))
            if other is not table or first != index:
                raise ModelError(
                    f"{other.label} and {table.label} have two indexes called {name!r}, and a schema has one of each name. "
                    "Leave out name=..., or give each its own."
                )
