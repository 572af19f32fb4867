"""What `SQLBuilder` builds: a text that says what PicoPG's document says, and runs as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ferrow.sql import Dialect


class SQLStatement(str):
    """A statement of `SQLBuilder`.

    `str(statement)`, and with it `print` and f-strings, is the text with `%s`, and so is what it is compared with. As the text it is,
    the placeholders are numbered (`$1`), which every `execute` of Ferrow takes, on PostgreSQL and SQLite: `select_raw`,
    `execute_raw`, cursors, connections, engines, sessions. To change one, take `str(statement)`.
    """

    __slots__ = ("_shown", "kinds")

    kinds: tuple[str, ...]
    """The kinds of the parameters, for databases that do not describe them."""

    def __new__(cls, parts: Sequence[str], kinds: Sequence[str]) -> SQLStatement:
        """Make the statement of the pieces of text around its parameters."""
        text = parts[0] + "".join([f"${number}{part}" for number, part in enumerate(parts[1:], 1)])
        made = super().__new__(cls, text)
        # A percent sign in a name is one, whatever reads the placeholders.
        made._shown = "%s".join([part.replace("%", "%%") for part in parts]) if kinds else parts[0]
        made.kinds = tuple(kinds)
        return made

    _shown: str

    def on(self, dialect: Dialect) -> str:
        """The text for a dialect. Raises NotSupportedError for one that has no `"names"` in quotes."""
        if dialect.mark != '"':
            msg = (
                f"SQLBuilder builds statements for PostgreSQL and SQLite, and this is {dialect.name}: call insert(), select_all(), ... "
                "there, which know every database"
            )
            raise NotSupportedError(msg)
        return str.__str__(self)

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return repr(self._shown)

    def __format__(self, spec: str) -> str:
        return format(self._shown, spec)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SQLStatement):
            return self._shown == other._shown
        return self._shown == other or str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __reduce__(self) -> Any:
        text = str.__str__(self)
        parts = []
        for number in range(1, len(self.kinds) + 1):
            part, _, text = text.partition(f"${number}")
            parts.append(part)
        return SQLStatement, ([*parts, text], self.kinds)
