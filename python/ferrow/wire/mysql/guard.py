"""The transaction of a block, which statements of MariaDB may commit in passing: what follows is in another one, not in none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from ferrow._core import end_told
from ferrow.errors import DatabaseError
from ferrow.wire.mysql.comments import Server
from ferrow.wire.mysql.control import doubt

Ask = Callable[[str], Awaitable[Any]]
Ping = Callable[[], Awaitable[None]]


class Guard:
    """Of one connection: what begins the transaction of its block, and whether that is to be done again."""

    __slots__ = ("_begins", "_lost", "_server", "over")

    def __init__(self, server: Server) -> None:
        self._server = server
        self._begins = ""
        self._lost: Callable[[], None] | None = None
        self.over: bool = False
        """A statement has committed the transaction; the next one begins another."""

    def __bool__(self) -> bool:
        return bool(self._begins)

    def set(self, begins: str, lost: Callable[[], None] | None = None) -> None:
        """A block has begun one so, or is about to end it (no text). `lost` is called when a statement has ended it for good."""
        self._begins, self._lost, self.over = begins, lost, False

    async def ask(self, sql: str, ask: Ask, ping: Ping, inside: Callable[[], bool]) -> Any:
        """Have a statement sent by `ask`, in the transaction: one at a time.

        `inside`: whether the server has last said that one is open. It does not with rows and errors, so then it is asked by `ping`, which
        leaves warnings as they are.

        Raises ProgrammingError behind a statement that has ended it unseen (CALL, EXECUTE), or what `ask` raises.
        """
        if self.over and not _diagnoses(sql):
            for text in self._begins.split("; "):
                await ask(text)
            self.over = False
        doubtful = (
            doubt(sql, self._server) if self._begins else ""
        )  # the block may have ended while this waited for its turn
        if not doubtful:
            return await ask(sql)
        try:
            result = await ask(sql)
        except DatabaseError:
            if inside():
                with suppress(DatabaseError):  # the connection is gone, and with it the transaction
                    await ping()
            self.over = self._begins != "" and not inside()
            raise
        if inside() and result.field_count and not getattr(result, "unbuffered_active", False):
            await ping()
        if inside() or not self._begins:
            return result
        if doubtful == "commits":
            self.over = True
            return result
        lost = self._lost
        self.set("")
        if lost is not None:
            lost()
        raise end_told(sql)


def _diagnoses(sql: str) -> bool:
    """Whether a statement asks for what the server says of the one before it: to begin a transaction is a statement as well."""
    return sql[:4].upper() in ("SHOW", "GET ")
