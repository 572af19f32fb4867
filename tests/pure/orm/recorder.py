"""A session over a real engine and pool whose wire only writes down what it is told: what would be sent, and what would not."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from ferrow.abc import Status
from ferrow.engine.engine import AsyncEngine
from ferrow.engine.limits import Limits
from ferrow.engine.pair import Pair
from ferrow.orm import AsyncSession, Session
from ferrow.wire.blocking.world import BlockingWorld
from ferrow.wire.settings import Settings
from tests.support.bare_wire import BareWire


def answer(*rows: Any, rowcount: int | None = None) -> Any:
    """The result of a statement."""
    return SimpleNamespace(
        rows=list(rows), rowcount=len(rows) if rowcount is None else rowcount, columns=(), status="", type_codes=()
    )


class RecordingWire(BareWire):
    """`log` has what was run, `answers` what comes back: a result, an exception, or (by default) no rows."""

    def __init__(self, dialect: str) -> None:
        super().__init__()
        self.dialect = dialect
        self.log: list[tuple[str, Any]] = []
        self.answers: list[Any] = []

    def _answer(self) -> Any:
        found = self.answers.pop(0) if self.answers else answer()
        if isinstance(found, BaseException):
            raise found
        return found

    async def run(self, sql: str, params: Any, shape: Any, kinds: Any = None, timeout: float | None = None) -> Any:
        self.log.append((sql, params))
        return self._answer()

    async def run_many(
        self, sql: str, rows: Sequence[Any], shape: Any, kinds: Any = None, timeout: float | None = None
    ) -> Any:
        self.log.append((sql, list(rows)))
        return self._answer()

    async def script(self, sql: str, timeout: float | None = None) -> None:
        self.log.append((sql, None))
        if sql.startswith("BEGIN"):
            self.status = Status.TRANSACTION
        if sql in ("COMMIT", "ROLLBACK"):
            self.status = Status.IDLE


class _World(BlockingWorld):
    def __init__(self, wire: RecordingWire) -> None:
        super().__init__()
        self.wire = wire

    async def open(self, settings: Any) -> Any:
        return self.wire


class Recorder:
    """`session` talks to `wire`."""

    def __init__(self, dialect: str = "postgresql") -> None:
        self.wire = RecordingWire(dialect)
        pair = Pair(Settings(dialect=dialect, database="db", user="me", password=None), Limits())
        self.engine = AsyncEngine(pair, _World(self.wire))
        self.core = AsyncSession(self.engine)
        self.session = Session._of(self.core)

    @property
    def log(self) -> list[tuple[str, Any]]:
        """Statements and their parameters, in order."""
        return self.wire.log

    @property
    def last(self) -> tuple[str, Any]:
        return self.wire.log[-1]

    def answers(self, *answers: Any) -> None:
        self.wire.answers += answers
