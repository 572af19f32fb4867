"""What a pipeline gives for a statement that this process runs itself, where the database has no pipelines."""

from __future__ import annotations

from typing import Any

from ferrow.errors import DatabaseError, from_server

NOT_COMMITTED = "the transaction was not committed: a statement in it failed, and everything was rolled back"


class Answers:
    """Those of one pipeline: which failed, and how many are missing."""

    __slots__ = ("failures", "missing")

    def __init__(self) -> None:
        self.failures: list[Answer] = []
        self.missing: int = 0

    def failure(self) -> Answer | None:
        """The first that failed and was not taken."""
        while self.failures and self.failures[0].taken:
            del self.failures[0]
        return self.failures[0] if self.failures else None


class Answer:
    """A `WirePending`. It is settled as a future would be."""

    __slots__ = ("_answers", "_error", "_result", "_waiters", "taken")

    def __init__(self, answers: Answers) -> None:
        self._answers: Answers | None = answers
        self._result: Any = None
        self._error: BaseException | None = None
        self._waiters: list[Any] = []
        self.taken: bool = False
        answers.missing += 1

    def set_result(self, result: Any) -> None:
        self._result = result
        self._settled(failed=False)

    def set_exception(self, error: BaseException) -> None:
        self._error = error
        self._settled(failed=True)

    def _settled(self, *, failed: bool) -> None:
        answers, self._answers = self._answers, None
        if answers is not None:
            answers.missing -= 1
            if failed:
                answers.failures.append(self)
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def done(self) -> bool:
        return self._answers is None

    def take(self) -> Any:
        self.taken = True
        if self._error is not None:
            raise self._error
        return self._result

    def outcome(self) -> tuple[Any, BaseException | None]:
        return self._result, self._error

    def wake(self, future: Any) -> None:
        if self._answers is not None:
            self._waiters.append(future)
        elif not future.done():
            future.set_result(None)


def aborted(cause: BaseException) -> DatabaseError:
    """The error of a statement that was not run because of another one."""
    first = next(iter(str(cause).splitlines()), "")
    message = f"not run, because an earlier statement of its transaction failed: {type(cause).__name__}: {first}"
    error = from_server({"code": "25P02", "message": message})
    error.__cause__ = cause
    return error
