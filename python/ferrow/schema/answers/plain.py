"""What SQLite and MariaDB answer alike: the short answers to what PostgreSQL has many ways to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from ferrow.errors import NotSupportedError
from ferrow.schema.answers.base import Answers

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.index import Index

CURRENT = frozenset({"current_timestamp", "now()", "current_date", "current_time", "localtimestamp"})
"""How a default says that it is the current time, in small letters."""

_ORDINARY = frozenset({None, "btree", "hash"})


class PlainAnswers(Answers):
    """One kind of index, NULLs that are always distinct, no types and comments of a table's own.

    `called`: what users call the database. `now`: the current time as it is stored, by the kind of its column.
    """

    called: ClassVar[str]
    now: ClassVar[Mapping[str, str]]
    drops_together = False
    creates_types = False
    keeps_comments = False
    operator_classes = False
    covers = False
    folds_names = True

    def default(self, column: Column, sql: str) -> str:
        """Expressions stand in parentheses; the current time is as long as every stored value, so that it can be compared."""
        current = self.now.get(column.type.kind) if sql.strip().lower() in CURRENT else None
        return f"({sql})" if current is None else current

    def unique(self, nulls_not_distinct: bool) -> str:
        """NULLs are always distinct."""
        if nulls_not_distinct:
            raise NotSupportedError(
                f"{self.called} takes every NULL for another value: it has no nulls_not_distinct. Make the column NOT NULL, or leave it out."
            )
        return "UNIQUE"

    def has_method(self, method: str | None) -> bool:
        """All indexes are B-trees; one that finds what these cannot would only cost."""
        return method in _ORDINARY

    def method(self, index: Index, quote: Callable[[str], str]) -> str:
        """Nothing: there is one method."""
        return ""

    def index_clauses(self, index: Index, include: Sequence[str]) -> list[str]:
        """Nothing: what is included elsewhere is read from the row."""
        self.unique(index.nulls_not_distinct)
        return []

    def check_steps(self, column: Column) -> None:
        """Rows are numbered in steps of 1. Raises NotSupportedError for others."""
        if column.identity is not None and column.identity.increment not in (None, 1):
            raise NotSupportedError(
                f"{column!r}: {self.called} numbers rows in steps of 1. Leave out Identity(increment=...)."
            )
