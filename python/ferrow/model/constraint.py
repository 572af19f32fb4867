"""What a table promises beyond the types of its columns: foreign keys, uniqueness, indexes, checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.described import Described

ACTIONS = ("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")


def _action(clause: str, word: str | None) -> str | None:
    """The word as SQL writes it. It becomes SQL text, so only the words of the standard pass."""
    if word is None:
        return None
    upper = " ".join(word.replace("_", " ").upper().split())
    if upper not in ACTIONS:
        raise ModelError(f"{clause}={word!r} is not an action of a foreign key. Known: {', '.join(ACTIONS)}.")
    return upper


class ForeignKey(Described):
    """`ForeignKey("users.id")`: the column refers to another table's column.

    `target` is "table.column" or "schema.table.column"; "table" alone means its column `id`, and without a schema
    the schema of the table the key stands in is meant. It may also be a pair
    `(Model, "column")`. `ondelete` and `onupdate` are CASCADE, SET NULL, SET DEFAULT, RESTRICT or NO ACTION, in any case.
    Raises ModelError for another word or a target that cannot be read.
    """

    __slots__ = ("_target", "_column", "ondelete", "onupdate")

    def __init__(self, target: str | tuple[Any, str], ondelete: str | None = None, onupdate: str | None = None) -> None:
        if isinstance(target, str):
            parts = target.split(".")
            if not all(parts) or len(parts) > 3:
                raise ModelError(
                    f'ForeignKey({target!r}) cannot be read: write "table.column", for example "users.id".'
                )
            self._target: Any = tuple(parts if len(parts) == 1 else parts[:-1])
            self._column = "id" if len(parts) == 1 else parts[-1]
        elif isinstance(target, Sequence) and len(target) == 2 and isinstance(target[1], str) and target[1]:
            self._target = (target[0],) if isinstance(target[0], str) else target[0]
            self._column = target[1]
        else:
            raise ModelError(
                f'ForeignKey({target!r}) cannot be read: write "table.column", for example "users.id", '
                'or a pair such as (User, "id").'
            )
        self.ondelete = _action("ondelete", ondelete)
        self.onupdate = _action("onupdate", onupdate)

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

    @property
    def column(self) -> str:
        """SQL name of the column referred to."""
        if isinstance(self._target, tuple):
            return self._column
        from ferrow.model.binding import table_of

        return table_of(self._target).column(self._column).name


class Index(Described):
    """An index over columns, given by attribute name. The name defaults to `ix_<table>_<columns>` (`ux_` when unique)."""

    __slots__ = ("columns", "unique", "name")

    def __init__(self, *columns: str, unique: bool = False, name: str | None = None) -> None:
        self.columns = _names("Index", columns)
        self.unique = unique
        self.name = name


class UniqueConstraint(Described):
    """No two rows agree in all of these columns, given by attribute name. Unnamed ones get the server's name."""

    __slots__ = ("columns", "name")

    def __init__(self, *columns: str, name: str | None = None) -> None:
        self.columns = _names("UniqueConstraint", columns)
        self.name = name


class CheckConstraint(Described):
    """A condition every row fulfils. `sql` is SQL text and is used as it is."""

    __slots__ = ("sql", "name")

    def __init__(self, sql: str, name: str | None = None) -> None:
        self.sql = sql
        self.name = name


def _names(what: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    if not columns or not all(isinstance(column, str) and column for column in columns):
        raise ModelError(f"{what}{columns!r} needs the names of its columns, for example {what}('name', 'email').")
    return columns
