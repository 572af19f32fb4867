"""COMMENT ON: what the catalogue says about tables and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect


def comments(table: Table, dialect: Dialect) -> list[str]:
    """One statement for the table, one for each column that has a comment; none where the database keeps no comments."""
    from ferrow.schema.table import table_name

    answers = answers_of(dialect)
    if not answers.keeps_comments:
        return []
    literal = answers.literal
    name = table_name(table, dialect)
    found = [f"COMMENT ON TABLE {name} IS {literal(table.comment)}"] if table.comment is not None else []
    return found + [
        f"COMMENT ON COLUMN {name}.{dialect.quote(column.name)} IS {literal(column.comment)}"
        for column in table.columns
        if column.comment is not None
    ]
