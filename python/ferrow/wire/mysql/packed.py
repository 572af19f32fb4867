"""Statements that are sent in one text and answered one by one: the server stops at the first that fails.

It takes several in a text only while it is told to (COM_SET_OPTION), which is for such texts alone: nowhere else may a semicolon that came
with somebody's input begin a second statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ferrow.errors import ConnectionLost
from ferrow.wire.mysql.failures import LOST

if TYPE_CHECKING:
    from ferrow.wire.mysql.joined import Piece
    from ferrow.wire.mysql.wire import MysqlWire

SET_OPTION = 0x1B
ON, OFF = b"\0\0", b"\1\0"
SEPARATOR = ";\n"
_PLAIN = re.compile(
    r"""
    \s*+ (?:INSERT|REPLACE|UPDATE|DELETE|SELECT)\b
    (?: [^;'"`\#\\/-] | /(?!\*) | -(?!-) | /\*[\w\s]*\*/ | '[^'\\;]*' | "[^"\\;]*" | `[^`;]*` )*+
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A statement that leaves the transaction open and is one for every session: no semicolon, backslash, or comment that may be run."""
_TOLD = re.compile(r"\bROW_COUNT\b", re.IGNORECASE)
"""What is of the command before, also where that is not a statement."""
_LONGEST = 20_000  # characters of a statement that is worth remembering
_FEW = 4  # pieces, for which telling the server is not worth it
_MOST = 500  # statements
_SPACE = 500_000  # characters
_WIDEST = 4  # bytes of a character


def packed(pieces: Sequence[Piece], packet: int) -> list[list[str]]:
    """The texts of pieces, together where they may be sent at once. `packet`: bytes that the server takes at once.

    The first goes alone: what is wrong with all of them, the server says of the first, quoting what follows.
    """
    space = min(_SPACE, packet // _WIDEST)
    groups = [[pieces[0].text]]
    some: list[str] = []
    used = 0
    for piece in pieces[1:]:
        size = len(piece.text) + len(SEPARATOR)
        if some and (len(some) == _MOST or used + size > space):
            groups.append(some)
            some, used = [], 0
        some.append(piece.text)
        used += size
    return [*groups, some] if some else groups


def packs(pieces: Sequence[Piece]) -> bool:
    """Whether pieces are worth it, and may be sent together."""
    return len(pieces) > _FEW and all(map(plain, {str(piece.said) for piece in pieces}))


def plain(sql: str) -> bool:
    """Whether a statement is sure to be one, and to leave the transaction open."""
    return (_plain if len(sql) <= _LONGEST else _plain.__wrapped__)(sql)


@lru_cache(maxsize=1024)
def _plain(sql: str) -> bool:
    return _PLAIN.fullmatch(sql) is not None and _TOLD.search(sql) is None


async def answered(
    wire: MysqlWire,
    option: Callable[[bytes], Coroutine[Any, Any, None]],
    ask: Callable[[], Coroutine[Any, Any, Any]],
    more: Callable[[], Coroutine[Any, Any, Any]],
    wrong: type[Exception],
    results: list[Any],
) -> Exception | None:
    """As `MysqlAsking._ask_all`: tell the server by `option`, and have the first answer by `ask`, the others by `more`.

    `wrong` is what a driver raises for an answer that is an error.
    """
    try:
        await option(ON)
    except wrong:
        if wire.closed:
            raise
        return None
    failed: Exception | None = None
    try:
        result = await ask()
        results.append(result)
        while result.has_next:
            result = await more()
            results.append(result)
    except wrong as error:
        if wire.closed:
            raise
        failed = error
    try:
        await option(OFF)
    except wrong as error:
        if wire.closed:
            raise
        wire.abort()
        raise ConnectionLost(f"{LOST}it went on taking several statements in a text ({error})") from error
    return failed
