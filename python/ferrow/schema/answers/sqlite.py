"""SQLite's answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ferrow.errors import NotSupportedError
from ferrow.schema.answers.plain import CURRENT, PlainAnswers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect

# Milliseconds are all SQLite's clock gives; the zeros make the text as long as every stored value.
_NOW = {
    "timestamp": "(strftime('%Y-%m-%d %H:%M:%f000', 'now'))",
    "timestamptz": "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))",
    "time": "(strftime('%H:%M:%f000', 'now'))",
    "date": "(date('now'))",
}
_CONSTANT = re.compile(r"""[+-]?[\w.]+|[xX]?'(?:[^']|'')*'""")


class SQLite(PlainAnswers):
    """Foreign keys may name tables that do not exist yet, so circles need no second step; but nothing can be added later."""

    dialect = "sqlite"
    # Texts all the same, whatever they are called; the file of another program calls them TEXT.
    alike: ClassVar[frozenset[tuple[str, str]]] = frozenset({("text", "json"), ("text", "uuid")})
    called = "SQLite"
    now: ClassVar[Mapping[str, str]] = _NOW
    adds_foreign_keys = False
    before_circular_drop: ClassVar[tuple[str, ...]] = ("PRAGMA defer_foreign_keys = ON",)
    index_carries_schema = True
    refers_across_schemas = False

    def identity(self, column: Column) -> str:
        """`INTEGER`: only a column of exactly this type is the row number, whatever integer the model declares."""
        if not column.primary_key or len(column.table.primary_key) != 1:
            raise NotSupportedError(
                f"SQLite numbers rows only in a column that is the whole primary key, and {column!r} is not. "
                "Leave out autoincrement=True or Identity(), or make it the only primary_key=True."
            )
        self.check_steps(column)
        return "INTEGER"

    def key_clause(self, column: Column, constraint: str) -> str:
        """AUTOINCREMENT, as elsewhere a key that was given once is never given again.

        Without it SQLite numbers the next row `max(id) + 1`: after the last row is deleted, whatever still holds its key
        (a cache, a log, an object in memory) silently means another row. The price is about 0.7 microseconds an insert.
        Other keys need NOT NULL: SQLite takes NULL in a primary key that is not an integer.
        """
        return (
            f"{constraint}PRIMARY KEY AUTOINCREMENT" if column.autoincrement else super().key_clause(column, constraint)
        )

    def obstacle(self, column: Column) -> str | None:
        """Besides, the value of the rows that exist must be known without computing anything."""
        found = super().obstacle(column)
        if found is not None:
            return found
        if column.computed is not None and column.computed.stored:
            return "SQLite adds computed columns only with stored=False"
        default = column.server_default
        if default is None:
            return None
        if column.foreign_key is not None:
            return "SQLite adds a foreign key only without a server_default"
        text = (default if isinstance(default, str) else default.get("sqlite", "")).strip()
        if text.lower() in CURRENT or not _CONSTANT.fullmatch(text):
            return f"SQLite adds only constant defaults, and {text} is none"
        return None

    def after_create(self, table: Table, dialect: Dialect) -> list[str]:
        """The first number of an identity, where SQLite keeps the last one it gave."""
        identity = table.primary_key[0].identity if len(table.primary_key) == 1 else None
        if identity is None or identity.start in (None, 1):
            return []
        place = "sqlite_sequence" if table.schema is None else f"{dialect.quote(table.schema)}.sqlite_sequence"
        name = self.literal(table.name)
        return [
            f"INSERT INTO {place} (name, seq) SELECT {name}, {identity.start - 1} "
            f"WHERE NOT EXISTS (SELECT 1 FROM {place} WHERE name = {name})"
        ]
