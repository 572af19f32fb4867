"""What expressions that yield texts can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ferrow.sql.typed import Typed

if TYPE_CHECKING:
    from ferrow.sql.expr import Condition

T = TypeVar("T")


class Textual(Typed[T]):
    """The part of `Expr` that matches texts."""

    __slots__ = ()

    def like(self: Textual[str] | Textual[str | None], pattern: str) -> Condition:
        r"""Match a pattern, case-sensitively on every database: `%` any text, `_` one character, `\` takes the next literally."""
        return matching.like(self, pattern, fold=False)

    def ilike(self: Textual[str] | Textual[str | None], pattern: str) -> Condition:
        """`like` without regard to case, of any script."""
        return matching.like(self, pattern, fold=True)

    def contains(self: Textual[str] | Textual[str | None], text: str) -> Condition:
        """Whether `text` occurs, literally: its `%` and `_` mean themselves."""
        return matching.like(self, f"%{matching.literally(text)}%", fold=False)

    def startswith(self: Textual[str] | Textual[str | None], text: str) -> Condition:
        """Whether the value begins with `text`, literally."""
        return matching.like(self, f"{matching.literally(text)}%", fold=False)

    def endswith(self: Textual[str] | Textual[str | None], text: str) -> Condition:
        """Whether the value ends with `text`, literally."""
        return matching.like(self, f"%{matching.literally(text)}", fold=False)

    def icontains(self: Textual[str] | Textual[str | None], text: str) -> Condition:
        """`contains` without regard to case."""
        return matching.like(self, f"%{matching.literally(text)}%", fold=True)

    def istartswith(self: Textual[str] | Textual[str | None], text: str) -> Condition:
        """`startswith` without regard to case."""
        return matching.like(self, f"{matching.literally(text)}%", fold=True)

    def iendswith(self: Textual[str] | Textual[str | None], text: str) -> Condition:
        """`endswith` without regard to case."""
        return matching.like(self, f"%{matching.literally(text)}", fold=True)

    def matches(self: Textual[str] | Textual[str | None], pattern: str) -> Condition:
        r"""Whether a regular expression matches somewhere in the text; `^` and `$` are its beginning and end.

        The language is PostgreSQL's on PostgreSQL (`~`) and Python's `re` on SQLite, which agree on what is common: literals,
        `.` (newlines included), classes, groups, `|`, `* + ? {m,n}`, `\d \w \s \b`-like escapes, back references, lookahead.
        `\m \M \y` and `[[:alpha:]]` are understood on SQLite, too.

        Raises:
            DatabaseError: when it is executed, if it is no regular expression.
        """
        return matching.regular(self, pattern, fold=False)

    def imatches(self: Textual[str] | Textual[str | None], pattern: str) -> Condition:
        """`matches` without regard to case."""
        return matching.regular(self, pattern, fold=True)


from ferrow.sql import matching  # noqa: E402  # last, because it builds the classes above
