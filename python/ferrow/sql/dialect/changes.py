"""How a dialect writes INSERT, UPDATE and DELETE."""

from __future__ import annotations

from typing import Any, ClassVar


class Changes:
    """The answers about statements that change rows."""

    insert_clauses: ClassVar[tuple[str, ...]] = ("with", "insert", "values", "conflict", "returning")
    update_clauses: ClassVar[tuple[str, ...]] = ("with", "update", "set", "from", "where", "returning")
    delete_clauses: ClassVar[tuple[str, ...]] = ("with", "delete", "where", "returning")

    returns_others: ClassVar[bool] = True
    """Whether RETURNING may name columns of other sources than the changed table."""

    returns_updates: ClassVar[bool] = True
    """Whether UPDATE has RETURNING."""

    returns_untouched: ClassVar[bool] = False
    """Whether RETURNING gives the rows that ON CONFLICT DO NOTHING left alone as well."""

    changes_with: ClassVar[bool] = True
    """Whether UPDATE and DELETE have WITH."""

    changes_in_ctes: ClassVar[bool] = False
    """Whether WITH may have statements that change rows."""

    empty_row: ClassVar[str] = "DEFAULT VALUES"
    """What INSERT says for a row of defaults."""

    def proposed(self, name: str) -> str:
        """Return the value that was to be inserted into a column, after a conflict."""
        return f"excluded.{name}"

    def conflict(
        self,
        target: list[str] | None,
        sets: list[tuple[str, str]] | None,
        where: str,
        index: str | None = None,
        *,
        told: bool = False,
        anyone: bool = False,
    ) -> str:
        """Return what INSERT does with rows that are there: nothing if `sets` is None. `index`: the condition of a unique index.

        `told` if RETURNING asks `inserted`, `anyone` if the target is what `any_target` chose.

        Raises:
            NotSupportedError: this database cannot.
        """
        at = "" if target is None else f" ({', '.join(target)})"
        at += "" if index is None else f" WHERE {index}"
        if sets is None:
            return f"ON CONFLICT{at} DO NOTHING"
        said = ", ".join([f"{name} = {value}" for name, value in sets])
        return f"ON CONFLICT{at} DO UPDATE SET {said}{f' WHERE {where}' if where else ''}"

    def any_target(self, columns: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Return the target of a conflict that names none; `columns` are those inserted."""
        return None

    def updated_from(self, sources: str) -> str:
        """Return the further sources of an UPDATE.

        Raises:
            NotSupportedError: this database takes none.
        """
        return f"FROM {sources}"

    def inserted_query(self, shape: Any, text: str, *, conflict: bool) -> str:
        """Return the query of an INSERT; `conflict` if ON CONFLICT follows."""
        return text

    def deleted(self, using: str, where: str) -> str:
        """Return what follows the table in a DELETE: further sources and the condition, either of which may be missing."""
        return " ".join([f"{word} {text}" for word, text in (("USING", using), ("WHERE", where)) if text])
