"""MariaDB's answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from ferrow.errors import NotSupportedError
from ferrow.schema.answers.base import Answers
from ferrow.types import Bytes, String, Text

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.index import Index
    from ferrow.model.table import Table

_ORDINARY = frozenset({None, "btree", "hash"})
_NOW = {
    "timestamp": "current_timestamp(6)",
    "timestamptz": "current_timestamp(6)",
    "date": "current_date",
    "time": "current_time(6)",
}
_CURRENT = frozenset({"current_timestamp", "now()", "current_date", "current_time", "localtimestamp"})

KEY_LENGTH = 255
"""Characters (of texts) or bytes that a column in a key has room for: a key has 3072 bytes, and a character up to 4."""


class MySQL(Answers):
    """Texts in keys have a length, which the server asks for; all texts compare by their code points."""

    dialect = "mysql"
    drops_together = False
    before_circular_drop = ("SET foreign_key_checks = 0",)
    creates_types = False
    keeps_comments = False
    operator_classes = False
    computed_not_null = False
    covers = False
    index_belongs_to_table = True
    ends_transactions = True
    folds_names = True
    collation: ClassVar[str] = "utf8mb4_nopad_bin"

    def type(self, column: Column) -> str:
        """With a length for texts and bytes in a key."""
        if _keyed(column):
            if isinstance(column.type, Text) and not isinstance(column.type, String):
                return f"varchar({KEY_LENGTH})"
            if isinstance(column.type, Bytes):
                return f"varbinary({KEY_LENGTH})"
        return column.type.name("mysql")

    def identity(self, column: Column) -> str:
        """`bigint AUTO_INCREMENT`, in a key."""
        said = column.identity
        if not column.primary_key:
            raise NotSupportedError(
                f"MariaDB numbers rows only in a column of the primary key, and {column!r} is not in it."
            )
        if said is not None and said.increment not in (None, 1):
            raise NotSupportedError(
                f"{column!r}: MariaDB numbers rows in steps of 1. Leave out Identity(increment=...)."
            )
        return f"{column.type.name('mysql')} AUTO_INCREMENT"

    def key_clause(self, column: Column, constraint: str) -> str:
        """The key has no name of its own here."""
        return "NOT NULL PRIMARY KEY"

    def column_unique(self, constraint: str) -> str:
        """A column's own UNIQUE takes no name."""
        return "UNIQUE"

    def default(self, column: Column, sql: str) -> str:
        """Expressions stand in parentheses; the current time has microseconds."""
        written = _NOW.get(column.type.kind)
        if written is not None and sql.strip().lower() in _CURRENT:
            return written
        return f"({sql})"

    def unique(self, nulls_not_distinct: bool) -> str:
        """NULLs are always distinct."""
        if nulls_not_distinct:
            raise NotSupportedError(
                "MariaDB takes every NULL for another value: it has no nulls_not_distinct. Make the column NOT NULL, or leave it out."
            )
        return "UNIQUE"

    def has_method(self, method: str | None) -> bool:
        """All indexes are B-trees; one that finds what these cannot would only cost."""
        return method in _ORDINARY

    def method(self, index: Index, quote: Callable[[str], str]) -> str:
        """Nothing: there is one method."""
        return ""

    def index_clauses(self, index: Index, include: Sequence[str]) -> list[str]:
        """Nothing: what is included elsewhere is read from the row. There are no partial indexes, nor any of expressions."""
        self.unique(index.nulls_not_distinct)
        if index.where is not None or index.sql:
            raise NotSupportedError(
                "MariaDB has no indexes with where= or of expressions; leave them out, or index a Computed column."
            )
        return []

    def table_options(self, table: Table) -> str:
        """Texts as the wire's session compares them, and transactions; the number of the first row."""
        starts = [column.identity.start for column in table.columns if column.identity is not None]
        first = "".join([f" AUTO_INCREMENT={start}" for start in starts if start is not None])
        return f" ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {self.collation}{first}"

    def deferrable(self, said: str) -> str:
        """Foreign keys are checked at once."""
        raise NotSupportedError("MariaDB checks foreign keys at once, never at COMMIT; leave out deferrable=.")

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
