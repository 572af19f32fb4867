"""Foreign keys as text: inside CREATE TABLE, or added afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.name import conventional, generated_name

if TYPE_CHECKING:
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect


def target_of(table: Table, key: ForeignKeyConstraint) -> tuple[str | None, str]:
    """Schema and name of the table referred to. Text without a schema means the schema of the table the key stands in."""
    return key.schema if key.schema is not None or key.model is not None else table.schema, key.table


def reference(table: Table, key: ForeignKeyConstraint, dialect: Dialect, *, name: str | None = None) -> str:
    """`CONSTRAINT name FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE`; a key without a name has none."""
    name = name or key_name(table, key)
    start = f"CONSTRAINT {dialect.quote(name)} " if name is not None else ""
    return f"{start}FOREIGN KEY {_between(table, key, dialect)}"


def _between(table: Table, key: ForeignKeyConstraint, dialect: Dialect) -> str:
    own = ", ".join(dialect.quote(column) for column in _columns(table, key))
    return f"({own}) {inline_reference(table, key, dialect)}"


def inline_reference(table: Table, key: ForeignKeyConstraint, dialect: Dialect) -> str:
    """`REFERENCES users (id) ON DELETE CASCADE`, as it may also stand behind a column."""
    quote = dialect.quote
    schema, other = target_of(table, key)
    target = quote(other)
    if schema is not None and answers_of(dialect).refers_across_schemas:
        target = f"{quote(schema)}.{target}"
    parts = [
        f"REFERENCES {target} ({', '.join(map(quote, key.target_columns))})",
        f"ON DELETE {key.ondelete}" if key.ondelete is not None else "",
        f"ON UPDATE {key.onupdate}" if key.onupdate is not None else "",
        answers_of(dialect).deferrable(key.deferrable) if key.deferrable is not None else "",
    ]
    return " ".join(filter(None, parts))


def add_reference(table: Table, key: ForeignKeyConstraint, dialect: Dialect, *, if_not_exists: bool) -> str:
    """ALTER TABLE ... ADD CONSTRAINT, for tables that refer to each other in a circle."""
    from ferrow.schema.table import table_name

    name = key_name(table, key) or generated_name("fk", table.name, *_columns(table, key))
    where = table_name(table, dialect)
    if if_not_exists:
        return answers_of(dialect).add_key_unless_there(where, dialect.quote(name), _between(table, key, dialect))
    return f"ALTER TABLE {where} ADD {reference(table, key, dialect, name=name)}"


def _columns(table: Table, key: ForeignKeyConstraint) -> list[str]:
    return [table.column(column).name for column in key.columns]


def key_name(table: Table, key: ForeignKeyConstraint) -> str | None:
    """The name given, else by the project's convention; None leaves it to the server."""
    return key.name or conventional(table, "fk", _columns(table, key), key.table)
