"""MariaDB's answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ferrow.errors import NotSupportedError
from ferrow.schema.answers.plain import PlainAnswers
from ferrow.schema.answers.spelling import plain
from ferrow.types import Bytes, String, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ferrow.model.column import Column
    from ferrow.model.index import Index
    from ferrow.model.table import Table

_NOW = {
    "timestamp": "current_timestamp(6)",
    "timestamptz": "current_timestamp(6)",
    "date": "current_date",
    "time": "current_time(6)",
}

KEY_LENGTH = 255
"""Characters (of texts) or bytes that a column in a key has room for: a key has 3072 bytes, and a character up to 4."""


class MySQL(PlainAnswers):
    """Texts in keys have a length, which the server asks for; all texts compare by their code points."""

    dialect = "mysql"
    called = "MariaDB"
    now: ClassVar[Mapping[str, str]] = _NOW
    before_circular_drop: ClassVar[tuple[str, ...]] = ("SET foreign_key_checks = 0",)
    computed_not_null = False
    index_belongs_to_table = True
    ends_transactions = True
    collation: ClassVar[str] = "utf8mb4_nopad_bin"
    # It has no booleans: those it has are tinyint(1). Instants are stored in UTC, in the same type as times without a zone.
    alike: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("integer", "boolean"),
            ("boolean", "integer"),
            ("timestamp", "timestamptz"),
            ("text", "json"),
            ("text", "uuid"),
        }
    )

    def type(self, column: Column) -> str:
        """With a length for texts and bytes in a key."""
        if _keyed(column):
            if isinstance(column.type, Text) and not isinstance(column.type, String):
                return f"varchar({KEY_LENGTH})"
            if isinstance(column.type, Bytes):
                return f"varbinary({KEY_LENGTH})"
        return column.type.name("mysql")

    def exact(self, type: str) -> str:
        """What a type says about how wide an integer is printed means nothing."""
        return re.sub(r"^((?:big|small|medium)?int|tinyint(?!\(1\)))\(\d+\)", r"\1", plain(type))

    def identity(self, column: Column) -> str:
        """`bigint AUTO_INCREMENT`, in a key."""
        if not column.primary_key:
            raise NotSupportedError(
                f"MariaDB numbers rows only in a column of the primary key, and {column!r} is not in it."
            )
        self.check_steps(column)
        return f"{column.type.name('mysql')} AUTO_INCREMENT"

    def key_clause(self, column: Column, constraint: str) -> str:
        """The key has no name of its own here."""
        return "NOT NULL PRIMARY KEY"

    def column_unique(self, constraint: str) -> str:
        """A column's own UNIQUE takes no name."""
        return "UNIQUE"

    def index_clauses(self, index: Index, include: Sequence[str]) -> list[str]:
        """There are no partial indexes, nor any of expressions."""
        if index.where is not None or index.sql:
            raise NotSupportedError(
                "MariaDB has no indexes with where= or of expressions; leave them out, or index a Computed column."
            )
        return super().index_clauses(index, include)

    def table_options(self, table: Table) -> str:
        """Texts as the wire's session compares them, and transactions; the number of the first row."""
        starts = [column.identity.start for column in table.columns if column.identity is not None]
        first = "".join([f" AUTO_INCREMENT={start}" for start in starts if start is not None])
        return f" ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {self.collation}{first}"

    def deferrable(self, said: str) -> str:
        """Foreign keys are checked at once."""
        raise NotSupportedError("MariaDB checks foreign keys at once, never at COMMIT; leave out deferrable=.")

    def add_key_unless_there(self, table: str, name: str, key: str) -> str:
        """The words are for the second name."""
        return f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY IF NOT EXISTS {name} {key}"

    def literal(self, text: str) -> str:
        """With backslashes doubled."""
        return super().literal(text).replace("\\", "\\\\")


def _keyed(column: Column) -> bool:
    """Whether a column is in an index, a unique constraint or a key, its own or another table's."""
    table: Table = column.table
    if column.primary_key or column.unique or column.index or column.unique_index:
        return True
    groups = [
        *(unique.columns for unique in table.uniques),
        *(index.columns for index in table.indexes),
        *(key.columns for key in table.references),
    ]
    return any(column.key in group for group in groups)
