"""What a tracing handler learns about a statement, and the handler that writes it to the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ferrow.wire.logs import logger


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One statement, after its end. Made by `Connection`, for the handler of `trace`."""

    sql: str
    """Its text, as it was written; of several at once, separated by `; `."""
    parameters: int
    """How many values went with it; of a batch, those of all its rows."""
    rowcount: int
    """Rows affected or returned; -1 when it failed or nobody counted them."""
    seconds: float
    """From the call to the answer, on this side: waiting for other statements of the connection included."""
    error: BaseException | None
    """What it raised, a cancellation included."""
    pid: int | None
    """Number of the server process, as in the server's log; None on SQLite."""
    values: Any = None
    """The parameters themselves, only where they were asked for; of a batch, its rows."""


def log_statement(trace: Trace) -> None:
    """A handler that writes every statement to the logger `ferrow.statements`: DEBUG, or INFO for one that failed.

    The log gets the SQL, never a value: neither parameters nor the text of an error, which may quote a row.
    """
    log = logger("ferrow.statements")
    milliseconds = trace.seconds * 1000
    if trace.error is None:
        rows = f", {trace.rowcount} row{'' if trace.rowcount == 1 else 's'}" if trace.rowcount >= 0 else ""
        log.debug("%.3f ms%s: %s", milliseconds, rows, trace.sql)
    else:
        log.info("%.3f ms, %s: %s", milliseconds, type(trace.error).__name__, trace.sql)
