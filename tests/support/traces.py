"""What traces say, to be compared."""

from __future__ import annotations

from ferrow.driver import Trace


def facts(seen: list[Trace]) -> list[tuple[str, int, int]]:
    return [(trace.sql, trace.parameters, trace.rowcount) for trace in seen]
