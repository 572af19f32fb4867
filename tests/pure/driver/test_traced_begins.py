"""When a trace tells of a BEGIN that goes with the statement behind it, over a wire that sends nothing."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.driver import Trace
from ferrow.driver.tracing import TracingWire
from ferrow.errors import QueryTimeout
from ferrow.wire.deadline import late
from ferrow.wire.drive import drive


class Wire:
    dialect = "postgresql"
    closed = True
    late = False

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        """It goes with the next statement."""

    async def run(self, sql: str, *_: Any) -> int:
        if self.late:
            raise late(1.0, sql, sent=False, copying=False)
        return 0

    def undo(self) -> bool:
        return True


def traced() -> tuple[Wire, TracingWire, list[str]]:
    seen: list[str] = []

    def tell(trace: Trace) -> None:
        seen.append(trace.sql)

    inner: Any = Wire()
    return inner, TracingWire(inner, tell), seen


def ask(wire: TracingWire, sql: str) -> None:
    drive(wire.run(sql, None, Shape.tuples()))


def test_one_whose_statement_was_not_sent_goes_with_the_next() -> None:
    inner, wire, seen = traced()
    drive(wire.begin("BEGIN"))
    inner.late = True
    with pytest.raises(QueryTimeout):
        ask(wire, "SELECT 1")
    inner.late = False
    ask(wire, "SELECT 2")
    ask(wire, "SELECT 3")
    assert seen == ["SELECT 1", "BEGIN", "SELECT 2", "SELECT 3"]


def test_one_that_was_undone_before_it_was_sent_is_not_told() -> None:
    _, wire, seen = traced()
    drive(wire.begin("BEGIN"))
    assert wire.undo()
    ask(wire, "SELECT 1")
    assert seen == ["SELECT 1"]
