"""One statement is sent to MariaDB and answered, and what may be in the way of that."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

from ferrow._core import end_refused
from ferrow.abc import Status
from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError, ProgrammingError, QueryTimeout, from_server
from ferrow.process import pid
from ferrow.wire.deadline import limit
from ferrow.wire.mysql.budget import Deadline
from ferrow.wire.mysql.control import transaction_end
from ferrow.wire.mysql.failures import DEADLOCK, DOUBTFUL, HUNG_UP, LOST, SYNTAX, number, translated
from ferrow.wire.mysql.modes import MODES, Altered, Manner, may_set
from ferrow.wire.mysql.packed import SEPARATOR
from ferrow.wire.mysql.refused import encoded, rolled_back, single
from ferrow.wire.mysql.state import MysqlState
from ferrow.wire.mysql.tracked import told, unsets


class MysqlAsking(MysqlState):
    """A part of `MysqlWire`."""

    __slots__ = ("_failed", "_loss", "_modes", "_packs", "_refused", "_since", "_tracks", "requests")

    requests: int

    @abstractmethod
    async def _ask(self, sql: bytes, seconds: float | None, what: str, *, pieces: bool, manner: Manner | None) -> Any:
        """Send a statement (no text: have the server say its status); the driver's result, of which with `pieces` no rows have been read.

        `manner`: that in which its values were written, if it has any. Raises Altered, or what the driver raises.
        """

    @abstractmethod
    async def _ask_all(
        self, sql: bytes, seconds: float | None, what: str, answers: list[Any], manner: Manner | None
    ) -> Exception | None:
        """Send several statements in one text, and add their results to `answers`; what the driver raises for the one behind these.

        Does nothing where the server refuses to take several. Raises Altered, or what the driver raises where the connection is gone.
        """

    @abstractmethod
    async def _take_turn(self, seconds: float | None, what: str) -> None:
        """As `take_turn`."""

    @abstractmethod
    def abort(self) -> None:
        """As `Wire.abort`."""

    async def ask_all(
        self, texts: Sequence[str], answers: list[Any], timeout: float | None = None, manner: Manner | None = None
    ) -> None:
        """Send statements that are `plain`, all at once; their results are added to `answers`. Raises the error of the one behind these."""
        deadline = Deadline(limit(timeout, self._limit))
        several = len(texts) > 1 and self._packs
        if several and await self._ask_together(texts, answers, deadline, manner):
            return
        for text in texts:
            answers.append(await self.ask(text, deadline.left(), manner=manner))
            if several:
                self._packs = False

    async def _ask_together(
        self, texts: Sequence[str], answers: list[Any], deadline: Deadline, manner: Manner | None
    ) -> bool:
        """Whether the server has taken them as several statements: one that does not finds a fault with the whole text."""
        before = len(answers)
        try:
            error = await self.ask(SEPARATOR.join(texts), deadline.left(), answers=answers, manner=manner)
            done = len(answers) - before
            if error is not None and (done or number(error) != SYNTAX):
                raise await self.told(error, texts[done]) from error
        except DatabaseError as error:
            if (done := len(answers) - before) < len(texts):
                error.query = texts[done]
            raise
        return done > 0

    async def ask(
        self,
        sql: str,
        timeout: float | None = None,
        *,
        pieces: bool = False,
        answers: list[Any] | None = None,
        manner: Manner | None = None,
    ) -> Any:
        """Send one statement that has its values; its result. Of several in one text, with `answers`, what `_ask_all` says.

        `manner`: that in which they were written; Altered is raised if it is the session's no longer. Raises errors of ours.
        """
        deadline = Deadline(limit(timeout, self._limit))
        await self.take_turn(deadline, sql)
        try:
            if self._guard and self.status is Status.IDLE:
                self.guard("")  # its transaction has ended unseen, and the block around it may have as well
            if not self._guard:
                return await self._send(sql, deadline.left(), pieces, answers, manner)
            if (command := transaction_end(sql, self._server, self.reading)) is not None:
                raise end_refused(command, sql)
            return await self._guard.ask(
                sql,
                lambda text: (
                    self._send(text, deadline.left(), pieces, answers, manner)
                    if text is sql
                    else self._send(text, deadline.left())
                ),
                lambda: self._ping(deadline.left()),
                self._inside,
            )
        finally:
            self._turn.release()

    async def take_turn(self, deadline: Deadline, what: str) -> None:
        """Wait until no other task or thread is in the midst of what goes together, and keep them waiting until `_turn` is released.

        What they sent meanwhile would be undone with what fails, or end the transaction. Who has the turn may take it again.
        Raises QueryTimeout, or InterfaceError in another process.
        """
        if self._pid != pid():
            self.abort()  # closes this process's end and says nothing: the server takes both for one
            raise InterfaceError("the connection belongs to the process from which this one was forked; open a new one")
        await self._take_turn(limit(deadline.left(), None), what)

    def guard(self, begins: str, lost: Callable[[], None] | None = None) -> None:
        """As `Guard.set`."""
        self._guard.set(begins, lost)

    async def _send(
        self,
        sql: str,
        timeout: float | None,
        pieces: bool = False,
        answers: list[Any] | None = None,
        manner: Manner | None = None,
    ) -> Any:
        if self.closed:
            raise self._over()
        if self._open is not None:
            await self._open.keep()
        if "\0" in sql:
            raise ProgrammingError("the statement has a NUL character; give values as parameters")
        if self._failed and (end := transaction_end(sql, self._server, self.reading)) is not None:
            return await self._end_failed(end, sql, timeout)
        if self._failed:
            raise rolled_back()
        seconds = limit(timeout, self._limit)
        self.requests += 1
        written = encoded(sql)
        try:
            if answers is not None:
                return await self._ask_all(written, seconds, sql, answers, manner)
            result = await self._ask(written, seconds, sql, pieces=pieces, manner=manner)
        except DatabaseError as error:  # ours: a deadline, or Altered
            if isinstance(error, QueryTimeout) and self.closed and self._loss is None:
                self._loss = str(error)
            raise
        except Exception as error:
            raise await self.told(error, sql) from error
        finally:
            self._since = monotonic()
        return single(result, self.abort)

    async def _end_failed(self, end: str, sql: str, timeout: float | None) -> Any:
        """The same as `_send`, for what ends a transaction that the server has rolled back."""
        if end not in ("COMMIT", "ROLLBACK"):
            raise rolled_back()
        self._failed = False
        try:
            result = await self._send(sql if end == "ROLLBACK" else "ROLLBACK", timeout)
        except BaseException:
            self._failed = True
            raise
        if end == "COMMIT":
            raise from_server({"code": "40000", "message": "the transaction was not committed: it was rolled back"})
        return result

    async def _asked(
        self, send: Callable[[bytes], Awaitable[Any]], sql: bytes, what: str, manner: Manner | None
    ) -> Any:
        """Have a statement sent by `send`, and learn what it sets. Called where nobody else sends any."""
        self._must_be(manner)
        result = await send(sql)
        self._modes = self._modes.told(told(result))
        if unsets(what):
            self._tracks = False
        if not self._tracks and may_set(what) and not result.unbuffered_active:
            self._modes = self._modes.answered((await send(MODES.encode())).rows[0])
        return result

    def _must_be(self, manner: Manner | None) -> None:
        """Raises Altered for a statement whose values were written in another manner than the session's."""
        if manner is not None and manner != self.manner:
            raise Altered

    async def _ping(self, seconds: float | None) -> None:
        try:
            await self._ask(b"", limit(seconds, self._limit), "ping", pieces=False, manner=None)
        except DatabaseError:
            raise
        except Exception as error:
            raise self._told(error, "") from error

    def _over(self) -> DatabaseError:
        """For what is asked of a connection that is over."""
        if (refusal := self.refusal()) is not None:
            return refusal
        self._loss = "the server closed it"
        self.abort()
        return ConnectionLost(LOST + self._loss)

    async def told(self, error: Exception, sql: str) -> DatabaseError:
        """Ours for an error; the server is asked for what it may have done to the transaction."""
        made = self._told(error, sql)
        if number(error) in DOUBTFUL and self._inside():
            with suppress(DatabaseError):  # the connection is gone, and with it the transaction
                await self._ping(None)
            self._failed = not self._inside()
        return made

    def _told(self, error: Exception, sql: str) -> DatabaseError:
        """Ours for an error, which may have ended the transaction or the connection."""
        made = translated(error, sql)
        if isinstance(made, ConnectionLost) or number(error) in HUNG_UP:
            self._loss = str(made).removeprefix(LOST)
            self.abort()
        elif number(error) in DEADLOCK and self.status is not Status.IDLE:
            self._failed = True
        if made.sqlstate == "25006":
            self._refused += 1
        return made
