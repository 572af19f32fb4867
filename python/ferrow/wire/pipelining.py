"""Statements that are queued without waiting for their answers: what a wire gives for that, and the plain way of doing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ferrow.errors import DatabaseError, OperationalError, from_server

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params

LEFT = "the statement was not sent: its pipeline was left before"
NOT_COMMITTED = "the transaction was not committed: a statement in it failed, and everything was rolled back"


class WirePending(Protocol):
    """The outcome of one statement, once it is there."""

    def done(self) -> bool:
        """Whether it is."""
        ...

    def take(self) -> Any:
        """The result, as of `Wire.run`; raises the error of the statement, which counts as dealt with then."""
        ...

    def outcome(self) -> tuple[Any, BaseException | None]:
        """Result and error, for who only looks on."""
        ...

    def wake(self, future: Any) -> None:
        """Call `future.set_result(None)` when it is there, unless `future.done()` by then."""
        ...


class WirePipeline(Protocol):
    """Queues statements of one connection; they are answered in order, and each error belongs to exactly one of them.

    Outside a transaction each statement commits by itself. In one, those behind an error are not run.
    """

    def begin(self, sql: str) -> None:
        """As `Wire.begin`."""
        ...

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> WirePending:
        """Queue one statement."""
        ...

    def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> WirePending:
        """Queue one statement with many rows of values."""
        ...

    def script(self, sql: str) -> WirePending:
        """Queue several statements without parameters."""
        ...

    async def wait(self, pending: WirePending | None) -> None:
        """Send what is queued and wait for one statement, or for all. Raises nothing of theirs."""
        ...

    def failure(self) -> WirePending | None:
        """The first that failed and was not taken."""
        ...

    async def leave(self) -> None:
        """Give up what was not sent, and have the server stop what runs: its caller was cancelled or interrupted."""
        ...


class Answer:
    """A `WirePending` that Python code settles."""

    __slots__ = ("_done", "_error", "_pipeline", "_result", "_waiters", "taken")

    def __init__(self) -> None:
        self._done = False
        self._result: Any = None
        self._error: BaseException | None = None
        self._waiters: list[Any] = []
        self.taken = False

    def settle(self, result: Any, error: BaseException | None) -> None:
        """The outcome has come."""
        self._result, self._error, self._done = result, error, True
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def done(self) -> bool:
        return self._done

    def take(self) -> Any:
        self.taken = True
        if self._error is not None:
            raise self._error
        return self._result

    def outcome(self) -> tuple[Any, BaseException | None]:
        return self._result, self._error

    def wake(self, future: Any) -> None:
        if not self._done:
            self._waiters.append(future)
        elif not future.done():
            future.set_result(None)


class Answers:
    """What the statements of a pipeline have in common that runs one after the other: who failed, and what became of BEGIN.

    SQLite goes on after an error inside a transaction, PostgreSQL does not; one that the pipeline began is all or nothing.
    """

    __slots__ = ("_block", "_cause", "_failures")

    def __init__(self) -> None:
        self._failures: list[Answer] = []
        self._block = False
        self._cause: BaseException | None = None

    def settle(self, answer: Answer, result: Any, error: BaseException | None) -> None:
        """Give an answer its outcome."""
        if error is not None:
            self._failures.append(answer)
            if self._block and self._cause is None:
                self._cause = error
        answer.settle(result, error)

    def failure(self) -> Answer | None:
        """As `WirePipeline.failure`."""
        while self._failures and self._failures[0].taken:
            del self._failures[0]
        return self._failures[0] if self._failures else None

    def begins(self) -> None:
        """A transaction of the pipeline is about to begin."""
        self._block, self._cause = True, None

    def ends(self) -> BaseException | None:
        """It is about to end; why it must not be committed."""
        cause, self._cause, self._block = self._cause, None, False
        return cause

    def refusal(self) -> DatabaseError | None:
        """Why the next statement is not run."""
        return None if self._cause is None else aborted(self._cause)


def aborted(cause: BaseException) -> DatabaseError:
    """The error of a statement that was not run because of another one."""
    first = next(iter(str(cause).splitlines()), "")
    message = f"not run, because an earlier statement of its transaction failed: {type(cause).__name__}: {first}"
    error = from_server({"code": "25P02", "message": message})
    error.__cause__ = cause
    return error


def not_committed(cause: BaseException) -> OperationalError:
    """The error of a COMMIT behind a statement that failed."""
    error = OperationalError(NOT_COMMITTED)
    error.__cause__ = cause
    return error
