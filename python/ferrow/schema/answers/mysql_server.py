"""MySQL's answers, where they are not MariaDB's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.schema.answers.mysql import MySQL
from ferrow.schema.text import UNLESS_THERE

if TYPE_CHECKING:
    from ferrow.model.column import Column

_UUID = "char(36) CHARACTER SET ascii COLLATE ascii_bin"
_LITERAL = frozenset({"timestamp", "timestamptz"})


class MySQLServer(MySQL):
    """A uuid is its text. The current day and time are expressions, which stand in parentheses."""

    collation = "utf8mb4_0900_bin"
    index_if_not_exists = False

    def type(self, column: Column) -> str:
        """`char(36)` for a uuid."""
        return _UUID if column.type.kind == "uuid" else super().type(column)

    def add_key_unless_there(self, table: str, name: str, key: str) -> str:
        """There are no such words."""
        return f"ALTER TABLE {table} ADD {UNLESS_THERE} CONSTRAINT {name} FOREIGN KEY {key}"

    def default(self, column: Column, sql: str) -> str:
        """As on MariaDB, in parentheses."""
        said = super().default(column, sql)
        return said if said.startswith("(") or column.type.kind in _LITERAL else f"({said})"
