"""Trying a whole transaction again, when the database has given it up for the sake of another one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple, ParamSpec, TypeVar, overload

from ferrow.engine.context import around
from ferrow.errors import CommitUnknown, DeadlockDetected, ProgrammingError, SerializationFailure

T = TypeVar("T")
P = ParamSpec("P")

Errors = type[Exception] | tuple[type[Exception], ...]

CONFLICTS: Errors = (SerializationFailure, DeadlockDetected)
"""What is tried again where nothing else is said."""


class Rules(NamedTuple):
    """How often, on what, and how long between: `wait` seconds at the most before the second attempt, then twice as long each time."""

    attempts: int
    on: Errors
    wait: float
    longest: float

    def pause(self, failed: int, error: Exception) -> float:
        """Seconds before the next attempt, at random, so that those who met once do not meet again.

        Raises:
            Exception: the error itself, if it is not to be tried again.
        """
        if not isinstance(error, self.on) or isinstance(error, CommitUnknown):
            raise error
        if failed >= self.attempts:
            if failed > 1:
                error.add_note(f"given up after {failed} attempts")
            raise error
        from random import random

        return random() * min(self.longest, self.wait * 2.0 ** (failed - 1))


def _rules(attempts: int, on: Errors, wait: float, longest: float) -> Rules:
    if attempts.__class__ is not int or attempts < 1:
        raise ProgrammingError(f"retry(attempts=...) is a whole number from 1 on, not {attempts!r}")
    for kind in on if isinstance(on, tuple) else (on,):
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            raise ProgrammingError(f"retry(on=...) takes classes of exceptions, not {kind!r}")
    return Rules(attempts, on, wait, longest)


@overload
def retry(
    fn: Callable[[], Awaitable[T]],
    *,
    attempts: int = 5,
    on: Errors = CONFLICTS,
    wait: float = 0.02,
    longest: float = 1.0,
) -> Coroutine[Any, Any, T]: ...
@overload
def retry(
    fn: Callable[[], T], *, attempts: int = 5, on: Errors = CONFLICTS, wait: float = 0.02, longest: float = 1.0
) -> T: ...
def retry(
    fn: Callable[[], Any], *, attempts: int = 5, on: Errors = CONFLICTS, wait: float = 0.02, longest: float = 1.0
) -> Any:
    """Call a function, again if the database gives its transaction up because of a concurrent one; its result is returned.

        def transfer() -> None:
            with session.begin(isolation="serializable"):
                ...

        ferrow.retry(transfer)
        await ferrow.retry(lambda: transfer_async(1, 2))                     # a function that is awaited

    Each call is to open a transaction of its own, and to do nothing outside of it that must not be done twice. CommitUnknown is
    never tried again: the work may have been done.

    Args:
        fn: called without arguments.
        attempts: how often, at most.
        on: which errors: SerializationFailure and DeadlockDetected by default.
        wait: seconds before the second attempt, at most; the next ones wait up to twice as long each. How long exactly is random.
        longest: seconds between two attempts, at most.

    Raises:
        ProgrammingError: inside a transaction, which is over when one of its statements fails; wrong arguments.
        Exception: what the last attempt raised.
    """
    rules = _rules(attempts, on, wait, longest)
    _must_be_outside()
    for failed in range(1, attempts + 1):
        try:
            found = fn()
        except Exception as error:
            pause = rules.pause(failed, error)
        else:
            return _awaited(fn, rules, found) if isinstance(found, Awaitable) else found
        from ferrow.wire.blocking.world import BLOCKING
        from ferrow.wire.drive import drive

        drive(BLOCKING.sleep(pause))
    raise AssertionError  # the last attempt has returned or raised


async def _awaited(fn: Callable[[], Awaitable[T]], rules: Rules, first: Awaitable[T]) -> T:
    # What was called to see what it is, is the first attempt.
    work = first
    failed = 0
    while True:
        try:
            return await work
        except Exception as error:
            failed += 1
            pause = rules.pause(failed, error)
        from ferrow.wire.aio.world import ASYNCIO  # here, as it loads asyncio

        await ASYNCIO.sleep(pause)
        work = fn()


@overload
def retrying(fn: Callable[P, T]) -> Callable[P, T]: ...
@overload
def retrying(
    *, attempts: int = 5, on: Errors = CONFLICTS, wait: float = 0.02, longest: float = 1.0
) -> Callable[[Callable[P, T]], Callable[P, T]]: ...
def retrying(
    fn: Callable[..., Any] | None = None,
    *,
    attempts: int = 5,
    on: Errors = CONFLICTS,
    wait: float = 0.02,
    longest: float = 1.0,
) -> Any:
    """`retry` as a decorator, of functions that are called or awaited: `@ferrow.retrying` or `@ferrow.retrying(attempts=3)`.

    Arguments and errors as for `retry`: `attempts`, `on`, `wait`, `longest`.
    """
    rules = _rules(attempts, on, wait, longest)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        from functools import wraps
        from inspect import iscoroutinefunction

        if iscoroutinefunction(function):

            @wraps(function)
            async def again_async(*args: Any, **kwargs: Any) -> Any:
                return await retry(lambda: function(*args, **kwargs), **rules._asdict())

            return again_async

        @wraps(function)
        def again(*args: Any, **kwargs: Any) -> Any:
            return retry(lambda: function(*args, **kwargs), **rules._asdict())

        return again

    return decorate if fn is None else decorate(fn)


def _must_be_outside() -> None:
    if around() is not None:
        raise ProgrammingError(
            "retry() inside a transaction has nothing to try again: the transaction around it is over when a statement in it fails. "
            "Give retry() the function that opens the transaction"
        )
