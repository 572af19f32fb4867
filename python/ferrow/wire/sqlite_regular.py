"""Regular expressions on SQLite, which has none: PostgreSQL's, searched for by Python's `re`.

Called by the core's `ferrow_matches`. Without flags the two languages differ in few places; those that can be told from the
pattern are translated here, and what Python cannot say is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ESCAPES = {"m": r"\b(?=\w)", "M": r"\b(?<=\w)", "y": r"\b", "Y": r"\B"}

# Letters of any script cannot be said inside of a larger class.
_ALONE = {"[[:alpha:]]": r"[^\W\d_]", "[[:alnum:]]": r"[^\W_]", "[^[:alpha:]]": r"[\W\d_]", "[^[:alnum:]]": r"[\W_]"}
_CLASSES = {"digit": r"\d", "space": r"\s", "xdigit": "0-9A-Fa-f", "punct": r"!-/:-@\[-`{-~"}

_PART = re.compile(r"\\.|\$|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)


def search(text: str, pattern: str, fold: bool) -> bool:
    """Return whether `pattern` matches somewhere in `text`.

    Raises:
        ValueError: the pattern is no regular expression.
    """
    return _compiled(pattern, fold).search(text) is not None


@lru_cache(256)
def _compiled(pattern: str, fold: bool) -> re.Pattern[str]:
    try:
        # PostgreSQL's dot matches a newline, too.
        return re.compile(_PART.sub(_translated, pattern), re.DOTALL | (re.IGNORECASE if fold else 0))
    except (re.error, RecursionError, OverflowError) as error:
        msg = f"{pattern!r} is not a regular expression: {error}"
        raise ValueError(msg) from None


def _translated(found: re.Match[str]) -> str:
    part = found.group()
    if part == "$":
        return r"\Z"  # Python's own also matches before a newline at the end
    if part[0] == "\\":
        return _ESCAPES.get(part[1:], part)
    if part in _ALONE:
        return _ALONE[part]
    members = re.sub(r"\[:(\w+):\]", _members, part[1:])
    return "[" + re.sub(r"(?<!\\)\[", r"\\[", members)  # Python warns of a bracket that might mean more one day


def _members(found: re.Match[str]) -> str:
    members = _CLASSES.get(found.group(1))
    if members is None:
        known = ", ".join([f"[:{name}:]" for name in _CLASSES])
        msg = (
            f"the character class {found.group()} is not known here on SQLite; known: {known}, [[:alpha:]], [[:alnum:]]"
        )
        raise re.error(msg)
    return members
