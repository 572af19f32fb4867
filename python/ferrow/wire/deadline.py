"""How long a call may take: what its caller says, what applies without that, and the error when it is over."""

from __future__ import annotations

import math
from time import monotonic

from ferrow.errors import InterfaceError, QueryTimeout
from ferrow.wire.shown import shown

SETTLE = 5.0
"""Seconds that an abandoned statement gets to end after its cancel request; then its connection is dropped."""

AGAIN = 0.5
"""Seconds after which a cancel request that had no effect is repeated."""


def limit(timeout: float | None, default: float | None) -> float | None:
    """The seconds that apply, None for no limit: `timeout` (math.inf: no limit), or else `default`.

    Raises InterfaceError for what is no number above 0.
    """
    if timeout is None:
        return default
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        meant = "" if isinstance(timeout, (int, float)) else "; parameters stand together, in one list in front of it"
        raise InterfaceError(f"timeout={timeout!r}: give seconds, more than 0, or math.inf for no limit{meant}")
    return None if math.isinf(timeout) else timeout


def left(at: float | None) -> float | None:
    """The seconds that are left until then, for a call that takes only what is above 0."""
    return None if at is None else max(0.001, at - monotonic())


def late(seconds: float, sql: str, *, sent: bool = True, copying: bool = False) -> QueryTimeout:
    """The error for a statement that was not answered in time; `sent` says whether it may have begun, `copying` what it waited for."""
    words = shown(sql) or "(empty)"
    if sent:
        error = QueryTimeout(f"the statement did not end within {seconds:.3g} s, and is being cancelled: {words}")
    else:
        busy = "was busy all the time"
        if copying:
            busy = "has a COPY of another task or thread under way, which has to end first (is it waiting for this?)"
        error = QueryTimeout(
            f"the statement was not begun within {seconds:.3g} s, because its connection {busy}: {words}"
        )
    error.query = sql
    error.sent = sent
    return error


def unanswered(seconds: float) -> QueryTimeout:
    """The error of who did not want to wait longer for a pipeline, which goes on."""
    return QueryTimeout(
        f"the pipeline had no answer within {seconds:.3g} s; nothing is cancelled: ask again, or leave its block with an exception"
    )
