"""Foreign keys: of one column, and what all of them have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from ferrow.errors import ModelError
from ferrow.model.described import Described

Deferral = Literal["immediate", "deferred"]
ACTIONS = ("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")
CHECKED = ("IMMEDIATE", "DEFERRED")


def _word(clause: str, word: str | None, known: tuple[str, ...], what: str) -> str | None:
    """The word as SQL writes it. It becomes SQL text, so only the words of the standard pass."""
    if word is None:
        return None
    upper = " ".join(word.replace("_", " ").upper().split()) if isinstance(word, str) else ""
    if upper not in known:
        raise ModelError(f"{clause}={word!r} is not {what}. Known: {', '.join(known)}.")
    return upper


def action(clause: str, word: str | None) -> str | None:
    """What happens to the referring rows, in SQL's words. Raises ModelError for another word."""
    return _word(clause, word, ACTIONS, "an action of a foreign key")


def deferral(word: str | None) -> str | None:
    """When a deferrable constraint is checked, in SQL's words; None: it is not deferrable. Raises ModelError for another word."""
    return _word("deferrable", word, CHECKED, "a moment at which a constraint is checked")


class Referring(Described):
    """What refers to another table: `_target` is its class, or a tuple of its schema (if any) and name."""

    __slots__ = ()

    _target: Any

    @property
    def model(self) -> type | None:
        """The class referred to, if the key was declared with one."""
        return None if isinstance(self._target, tuple) else self._target

    @property
    def table(self) -> str:
        """Name of the table referred to, without its schema."""
        if isinstance(self._target, tuple):
            return str(self._target[-1])
        from ferrow.model.binding import table_of

        return table_of(self._target).name

    @property
    def schema(self) -> str | None:
        """Schema of the table referred to, or None."""
        if isinstance(self._target, tuple):
            return self._target[0] if len(self._target) == 2 else None
        from ferrow.model.binding import table_of

        return table_of(self._target).schema

    def named(self, column: str) -> str:
        """SQL name of a column of the table referred to: for a class `column` is an attribute."""
        if isinstance(self._target, tuple):
            return column
        from ferrow.model.binding import table_of

        return table_of(self._target).column(column).name


class ForeignKey(Referring):
    """`ForeignKey("users.id")`: the column refers to another table's column.

    Args:
        target: "table.column" or "schema.table.column"; "table" alone means its column `id`, and without a schema the schema
            of the table the key stands in is meant. Or a pair `(Model, "column")`.
        ondelete, onupdate: CASCADE, SET NULL, SET DEFAULT, RESTRICT or NO ACTION, in any case; default: the database's, NO ACTION.
        deferrable: "deferred" to check at the end of the transaction, "immediate" to check at once unless the transaction says
            otherwise (SET CONSTRAINTS, PostgreSQL); default: always at once.
        name: the constraint's name; default: by `__naming__`, else the server's.

    Raises ModelError for another word or a target that cannot be read.
    """

    __slots__ = ("_target", "_column", "ondelete", "onupdate", "deferrable", "name")
    option: ClassVar[str | None] = "foreign_key"

    def __init__(
        self,
        target: str | tuple[Any, str],
        ondelete: str | None = None,
        onupdate: str | None = None,
        *,
        deferrable: Deferral | None = None,
        name: str | None = None,
    ) -> None:
        if isinstance(target, str):
            parts = target.split(".")
            if not all(parts) or len(parts) > 3:
                raise ModelError(
                    f'ForeignKey({target!r}) cannot be read: write "table.column", for example "users.id".'
                )
            self._target = tuple(parts if len(parts) == 1 else parts[:-1])
            self._column = "id" if len(parts) == 1 else parts[-1]
        elif isinstance(target, Sequence) and len(target) == 2 and isinstance(target[1], str) and target[1]:
            self._target = (target[0],) if isinstance(target[0], str) else target[0]
            self._column = target[1]
        else:
            raise ModelError(
                f'ForeignKey({target!r}) cannot be read: write "table.column", for example "users.id", '
                'or a pair such as (User, "id").'
            )
        self.ondelete: str | None = action("ondelete", ondelete)
        self.onupdate: str | None = action("onupdate", onupdate)
        self.deferrable: str | None = deferral(deferrable)
        self.name: str | None = name

    @property
    def column(self) -> str:
        """SQL name of the column referred to."""
        return self.named(self._column)
