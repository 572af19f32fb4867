"""The lines of CREATE TABLE, one for each column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.name import conventional
from ferrow.schema.text import said

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.sql.dialect.base import Dialect


def column_text(column: Column, dialect: Dialect, *, unique: bool = True) -> str:
    """Name, type, collation, key or NOT NULL, UNIQUE (unless it is said elsewhere), DEFAULT or what computes it, CHECK."""
    answers = answers_of(dialect)
    whole_key = column.primary_key and len(column.table.primary_key) == 1
    parts = [
        dialect.quote(column.name),
        answers.identity(column) if column.autoincrement else answers.type(column),
        _collation(column, dialect),
        _computed(column, dialect),
        answers.key_clause(column, _constraint("pk", column, dialect))
        if whole_key
        else ""
        if column.nullable or (column.computed is not None and not answers.computed_not_null)
        else "NOT NULL",
        answers.column_unique(_constraint("uq", column, dialect)) if unique and column.unique and not whole_key else "",
        _default(column, dialect),
        *_checks(column, dialect),
    ]
    return " ".join(filter(None, parts))


def _constraint(kind: str, column: Column, dialect: Dialect) -> str:
    name = conventional(column.table, kind, [column.name])
    return "" if name is None else f"CONSTRAINT {dialect.quote(name)} "


def _collation(column: Column, dialect: Dialect) -> str:
    name = column.collation
    if isinstance(name, Mapping):
        name = name.get(dialect.name)
    return "" if name is None else f"COLLATE {dialect.quote(name)}"


def _computed(column: Column, dialect: Dialect) -> str:
    computed = column.computed
    if computed is None:
        return ""
    sql = said(computed.sql, dialect, f"{column!r}: Computed(...)")
    return f"GENERATED ALWAYS AS ({sql}) {'STORED' if computed.stored else 'VIRTUAL'}"


def _default(column: Column, dialect: Dialect) -> str:
    if column.server_default is None:
        return ""
    sql = said(column.server_default, dialect, f"{column!r}: server_default")
    return f"DEFAULT {answers_of(dialect).default(column, sql)}"


def checked(column: Column, dialect: Dialect) -> list[str]:
    """Its conditions: the one it declares, and that its value is one of the words of an enumeration."""
    found = []
    if column.check:
        found.append(said(column.check, dialect, f"{column!r}: check"))
    answers = answers_of(dialect)
    labels = answers.checked_labels(column.type)
    if labels:
        found.append(f"{dialect.quote(column.name)} IN ({', '.join(map(answers.literal, labels))})")
    return found


def _checks(column: Column, dialect: Dialect) -> list[str]:
    # A column has one name for its condition; a second one is told apart.
    return [
        f"{_constraint('ck', column, dialect)}CHECK ({sql})" if number == 0 else f"CHECK ({sql})"
        for number, sql in enumerate(checked(column, dialect))
    ]
