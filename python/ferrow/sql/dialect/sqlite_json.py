"""JSON on SQLite: texts, read by functions that ferrow's connections register (`ferrow_json_*`).

SQLite's own paths are a language in which not every key can be said, and its own comparisons take 1 for true.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ferrow.sql.dialect.json import JsonAnswers
from ferrow.types import SQLType


class SQLiteJson(JsonAnswers):
    """SQLite's answers."""

    null: ClassVar[str] = "'null'"

    def document(self, operand: str, type: SQLType) -> str:
        """As it is."""
        return operand

    def path(self, base: str, type: SQLType, steps: Sequence[tuple[str, str]]) -> str:
        """`ferrow_json_at(meta, ?1, ?2)`; digits that may be key or position travel as a blob."""
        texts = [f"CAST({text} AS BLOB)" if kind == "either" else text for kind, text in steps]
        return f"ferrow_json_at({', '.join([base, *texts])})"

    def value(self, what: str, document: str) -> str:
        """`ferrow_json_text(x)` and its siblings."""
        if what == "collated":  # texts are compared by their bytes anyway
            what = "text"
        return f"ferrow_json_{what}({document})"

    def order(self, document: str) -> str:
        """Bytes that sort as the values do."""
        return f"ferrow_json_order({document})"

    def contains(self, outer: str, inner: str) -> str:
        """A function of ours."""
        return f"ferrow_json_contains({outer}, {inner})"

    def has(self, document: str, key: str) -> str:
        """A function of ours."""
        return f"ferrow_json_has({document}, {key})"

    def number(self, operand: str) -> str:
        """A decimal's text is a JSON number."""
        return operand


SQLITE_JSON = SQLiteJson()
