"""What is not sent to MariaDB, and what is not taken from it, over our own wire and over those of other drivers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from ferrow.errors import DatabaseError, DataError, NotSupportedError, ProgrammingError, from_server

_ENDS_OURS = re.compile(r"(?:ROLLBACK TO|RELEASE) SAVEPOINT ferrow_\w+")
_SHOWN = 40  # characters of a value in an error
NO_BACKSLASH = 512  # SERVER_STATUSNO_BACKSLASH_ESCAPES


def encoded(sql: str) -> bytes:
    """A statement as it is sent. Raises ProgrammingError for what UTF-8 cannot express."""
    try:
        return sql.encode()
    except UnicodeEncodeError:
        raise ProgrammingError("the statement has half of a surrogate pair, which is no Unicode") from None


def must_escape(status: int) -> None:
    """Raises ProgrammingError for a session (by its status) in whose literals a backslash is a character like others."""
    if status & NO_BACKSLASH:
        raise ProgrammingError(
            "this session's sql_mode has NO_BACKSLASH_ESCAPES, in which values cannot be written safely; take it out"
        )


def single(result: Any, abort: Callable[[], object]) -> Any:
    """The result, if it is the only one. Raises NotSupportedError."""
    if result.has_next:
        abort()  # the next answer would be taken for that of another statement
        raise NotSupportedError("a statement with several results (CALL) cannot be used")
    return result


def gone(sql: str) -> bool:
    """Whether a statement ends a savepoint of ours, which goes with the transaction that the server has rolled back: nothing is left to be done."""
    return _ENDS_OURS.fullmatch(sql) is not None


def rolled_back() -> DatabaseError:
    """The error of a statement in a transaction that the server has ended."""
    return from_server(
        {
            "code": "25P02",
            "message": "the server has rolled back the transaction, so nothing more can be done in it: roll back",
        }
    )


def wrong(value: Any, wanted: str, fix: str = "") -> NoReturn:
    """Raises DataError for a value of another kind than `wanted`."""
    shown = repr(value)
    if len(shown) > _SHOWN:
        shown = f"{shown[:_SHOWN]}..."
    raise DataError(f"expected {wanted}, got {type(value).__name__} {shown}{': ' if fix else ''}{fix}")
