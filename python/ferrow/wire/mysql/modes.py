"""What the sql_mode of a session does to strings, which of the readings of `lexical.py` is its, and to values that do not fit; and the
charset in which the server reads statements.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ferrow.errors import ProgrammingError
from ferrow.lexical import PLAIN, TEXTS
from ferrow.wire.mysql.refused import NO_BACKSLASH, must_escape

MODES = "SELECT @@SESSION.sql_mode, @@SESSION.character_set_client"
"""Asks for both, where the server does not tell them unasked (see `tracked.py`)."""
_NAMES = ("sql_mode", "character_set_client")
_SETS = re.compile(r"sql_mode|\bexecute\b|\bnames\b|character|charset", re.IGNORECASE)
_LONGEST = 20_000  # characters of a statement that may set them
_OTHERS = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "SHOW")
"""Statements that set none, and what is said of them must stay to be read."""


class Modes(NamedTuple):
    """What is known of a session, which begins as `session.py` sets it up."""

    names: bool = True
    """Whether names are in double quotes."""
    strict: bool = True
    """Whether a value that does not fit is an error in every row of an INSERT. Without, those behind the first may be made to fit."""
    charset: str = "utf8mb4"

    def answered(self, row: Sequence[str | bytes]) -> Modes:
        """By the row that answers `MODES`."""
        return self.told(
            dict(zip(_NAMES, (said.decode() if isinstance(said, bytes) else said for said in row), strict=True))
        )

    def told(self, variables: Mapping[str, str]) -> Modes:
        """By these variables of the session, which have other values now."""
        names, strict, charset = self
        if (mode := variables.get("sql_mode")) is not None:
            words = mode.split(",")
            names, strict = "ANSI_QUOTES" in words, "STRICT_ALL_TABLES" in words
        return Modes(names, strict, variables.get("character_set_client", charset))

    def must_read_utf8(self) -> None:
        """Raises ProgrammingError for a session that reads statements in another charset: in some a backslash is half of a character."""
        if not self.charset.startswith(("utf8", "binary")):
            raise ProgrammingError(
                f"this session's character_set_client is {self.charset}, in which values cannot be written safely: SET NAMES utf8mb4"
            )


class Manner(NamedTuple):
    """In what way a session takes statements, by which values are written into them."""

    status: int
    modes: Modes

    @property
    def reading(self) -> str:
        """As `Wire.reading`."""
        return reading(self.status, self.modes.names)

    def must_write(self) -> None:
        """Raises ProgrammingError for a session in which values cannot be written safely."""
        must_escape(self.status)
        self.modes.must_read_utf8()


class Altered(ProgrammingError):
    """Values were written for a session that has been set otherwise meanwhile; their statement was not sent."""

    begun: bool = False
    """Whether some of what goes together has been sent before."""

    def __init__(self) -> None:
        super().__init__(
            "the sql_mode or charset of this session has changed while rows were being sent, and the rest of them would be read otherwise; "
            "change them by a statement of its own"
        )


def may_set(sql: str) -> bool:
    """Whether a statement may set mode or charset, as far as its text tells."""
    return len(sql) < _LONGEST and not sql[:6].upper().startswith(_OTHERS) and _SETS.search(sql) is not None


def reading(status: int, names: bool) -> str:
    """That of a session, by what the server has last said of it and by whether `names` are in double quotes."""
    if status & NO_BACKSLASH:
        return PLAIN
    return "mysql" if names else TEXTS
