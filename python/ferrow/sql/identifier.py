"""Names of tables, columns, labels and aliases: checked before anything is built from them."""

from __future__ import annotations

from ferrow.errors import ProgrammingError


def check_identifier(name: object, what: str) -> str:
    """Return `name` if it can be a name in SQL at all; quoting and length are the dialect's business.

    Args:
        name: what the user gave.
        what: what it names ("column", "label"), for the message.

    Raises:
        ProgrammingError: not a string, empty, or containing the NUL character.
    """
    if not isinstance(name, str):
        msg = f"the name of a {what} must be a str, not {type(name).__name__}: {name!r}"
        raise ProgrammingError(msg)
    if not name:
        msg = f"the name of a {what} is empty"
        raise ProgrammingError(msg)
    if "\0" in name:
        msg = f"the name of a {what} contains the NUL character, which no database accepts: {name!r}"
        raise ProgrammingError(msg)
    return name
