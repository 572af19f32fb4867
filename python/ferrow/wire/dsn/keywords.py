"""Keyword DSNs: `host=localhost dbname='my db' password='it\\'s'` (manual, "Keyword/Value Connection Strings")."""

from __future__ import annotations

import re

from ferrow.errors import InterfaceError

# The whitespace of C; Python knows more of it, which may stand in a value.
_SPACE = re.compile(r"[ \t\n\v\f\r]*")
_NAME = re.compile(r"([^= \t\n\v\f\r]*)[ \t\n\v\f\r]*(=?)[ \t\n\v\f\r]*")
_PLAIN = re.compile(r"(?:[^\\ \t\n\v\f\r]|\\.|\\$)*", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^\\']|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


def read_keywords(text: str) -> list[tuple[str, str]]:
    """The options in a keyword DSN in their order; of two of one name the later one counts. Names are not checked.

    A value with spaces is quoted, with `\\'` for a quote and `\\\\` for a backslash inside. Raises InterfaceError; the
    message shows names only, never a value.
    """
    found: list[tuple[str, str]] = []
    at = _end(_SPACE, text, 0)
    while at < len(text):
        match = _NAME.match(text, at)
        assert match is not None  # it matches nothing at all, too
        if not match[2]:
            raise InterfaceError(f"Invalid connection string: no '=' {_after(found)}")
        at, name = match.end(), match[1]
        if text.startswith("'", at):
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                raise InterfaceError(
                    f"Invalid connection string: the quote around the value of {name!r} is not closed; "
                    "a quote inside a value is written \\', a backslash \\\\"
                )
            value, at = quoted[1], quoted.end()
        else:
            plain = _PLAIN.match(text, at)
            assert plain is not None  # likewise
            value, at = plain[0], plain.end()
        found.append((name, _ESCAPE.sub(r"\1", value)))
        at = _end(_SPACE, text, at)
    return found


def _after(found: list[tuple[str, str]]) -> str:
    if not found:
        return (
            "after the first word. Expected name=value name=value ..., or postgresql://user:password@host:port/database"
        )
    # The word itself may be the rest of a password that was not quoted.
    return (
        f"after the value of {found[-1][0]!r}. A value with spaces is put in quotes, and a quote inside is written \\' "
        "(not ''): password='it\\'s me'"
    )


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return at if match is None else match.end()
