"""Foreign keys as text: inside CREATE TABLE, or added afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import ProgrammingError
from ferrow.schema.answers import answers_of
from ferrow.schema.name import generated_name

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect

_TAG = "$ferrow$"


def target_of(table: Table, column: Column) -> tuple[str | None, str]:
    """Schema and name of the table a column refers to. Text without a schema means the schema of the table it stands in."""
    key = column.foreign_key
    assert key is not None
    return key.schema if key.schema is not None or key.model is not None else table.schema, key.table


def reference(table: Table, column: Column, dialect: Dialect) -> str:
    """`FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE`."""
    key = column.foreign_key
    assert key is not None
    schema, name = target_of(table, column)
    target = dialect.quote(name)
    if schema is not None and answers_of(dialect).refers_across_schemas:
        target = f"{dialect.quote(schema)}.{target}"
    text = f"FOREIGN KEY ({dialect.quote(column.name)}) REFERENCES {target} ({dialect.quote(key.column)})"
    if key.ondelete is not None:
        text += f" ON DELETE {key.ondelete}"
    if key.onupdate is not None:
        text += f" ON UPDATE {key.onupdate}"
    return text


def add_reference(table: Table, column: Column, dialect: Dialect, *, if_not_exists: bool) -> str:
    """ALTER TABLE ... ADD CONSTRAINT, for tables that refer to each other in a circle."""
    from ferrow.schema.table import table_name

    name = dialect.quote(generated_name("fk", table.name, column.name))
    text = f"ALTER TABLE {table_name(table, dialect)} ADD CONSTRAINT {name} {reference(table, column, dialect)}"
    if not if_not_exists:
        return text
    if _TAG in text:
        raise ProgrammingError(f"the name of a table or column must not contain {_TAG}: {text}")
    # PostgreSQL has no ADD CONSTRAINT IF NOT EXISTS.
    return f"DO {_TAG} BEGIN {text}; EXCEPTION WHEN duplicate_object THEN NULL; END {_TAG}"
