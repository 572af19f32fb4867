"""What the sql_mode of a session does to strings, which of the readings of `lexical.py` is its, and to values that do not fit; and the
charset in which the server reads statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ferrow.errors import ProgrammingError
from ferrow.lexical import PLAIN, TEXTS
from ferrow.wire.mysql.refused import NO_BACKSLASH

MODES = "SELECT @@SESSION.sql_mode, @@SESSION.character_set_client"
"""Asks for both; the server says by itself only whether backslashes escape."""
_SETS = re.compile(r"sql_mode|\bexecute\b|\bnames\b|character|charset", re.IGNORECASE)
_LONGEST = 20_000  # characters of a statement that may set them
_OTHERS = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "SHOW")
"""Statements that set none, and what is said of them must stay to be read."""


class Modes:
    """What is known of a session, which begins as `session.py` sets it up."""

    __slots__ = ("_charset", "names", "strict")

    def __init__(self) -> None:
        self.names: bool = True
        """Whether names are in double quotes."""
        self.strict: bool = True
        """Whether a value that does not fit is an error in every row of an INSERT. Without, those behind the first may be made to fit."""
        self._charset = "utf8mb4"

    def learn(self, answer: Sequence[str | bytes]) -> None:
        """Take the row that answers `MODES`."""
        mode, self._charset = (said.decode() if isinstance(said, bytes) else said for said in answer)
        words = mode.split(",")
        self.names, self.strict = "ANSI_QUOTES" in words, "STRICT_ALL_TABLES" in words

    def must_read_utf8(self) -> None:
        """Raises ProgrammingError for a session that reads statements in another charset: in some a backslash is half of a character."""
        if not self._charset.startswith(("utf8", "binary")):
            raise ProgrammingError(
                f"this session's character_set_client is {self._charset}, in which values cannot be written safely: SET NAMES utf8mb4"
            )


def may_set(sql: str) -> bool:
    """Whether a statement may set mode or charset, as far as its text tells."""
    return len(sql) < _LONGEST and not sql[:6].upper().startswith(_OTHERS) and _SETS.search(sql) is not None


def reading(status: int, names: bool) -> str:
    """That of a session, by what the server has last said of it and by whether `names` are in double quotes."""
    if status & NO_BACKSLASH:
        return PLAIN
    return "mysql" if names else TEXTS
