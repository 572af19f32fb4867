"""The numbers a pool keeps to, checked when they are given."""

from __future__ import annotations

import math

from ferrow.errors import InterfaceError

NAMES = (
    "min_size",
    "max_size",
    "acquire_timeout",
    "max_lifetime",
    "max_idle",
    "check_after",
    "recovery_timeout",
    "close_timeout",
)
"""Options of `create_engine` that are about the pool; all others are about its connections."""


class Limits:
    """How many connections a pool keeps, how long each may live, and how long anybody waits. All times are seconds.

    `min_size` connections are opened by `open` and not closed for idleness; there are never more than `max_size`.
    `acquire_timeout` bounds the wait for a connection, opening one included. A connection older than `max_lifetime` or
    idle for longer than `max_idle` is closed (None: never); one that was idle for longer than `check_after` is tried out
    before it is lent. `recovery_timeout` bounds the rollback and reset of a connection given back in the middle of
    something, `close_timeout` how long `close` waits for borrowers.

    Raises InterfaceError for a value that cannot be meant.
    """

    __slots__ = NAMES

    def __init__(
        self,
        *,
        min_size: int = 0,
        max_size: int = 10,
        acquire_timeout: float = 30.0,
        max_lifetime: float | None = 3600.0,
        max_idle: float | None = 600.0,
        check_after: float = 30.0,
        recovery_timeout: float = 5.0,
        close_timeout: float = 10.0,
    ) -> None:
        _count("max_size", max_size, 1)
        _count("min_size", min_size, 0)
        if min_size > max_size:
            raise InterfaceError(
                f"min_size={min_size} is more than max_size={max_size}: raise max_size or lower min_size"
            )
        self.min_size = min_size
        self.max_size = max_size
        self.acquire_timeout: float = _seconds("acquire_timeout", acquire_timeout)
        self.max_lifetime: float = math.inf if max_lifetime is None else _seconds("max_lifetime", max_lifetime)
        self.max_idle: float = math.inf if max_idle is None else _seconds("max_idle", max_idle)
        self.check_after: float = _seconds("check_after", check_after)
        self.recovery_timeout: float = _seconds("recovery_timeout", recovery_timeout)
        self.close_timeout: float = _seconds("close_timeout", close_timeout)


def _count(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InterfaceError(f"{name}={value!r}: give a whole number of connections, at least {least}")


def _seconds(name: str, value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or math.isnan(value) or value < 0:
        raise InterfaceError(f"{name}={value!r}: give a number of seconds, 0 or more")
    return float(value)
