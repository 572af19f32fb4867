"""What a state machine talks to, in either call style: its rules are written once."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from ferrow import AsyncSession, Session
from tests.support.colours import Runner, maybe


class Colour:
    """`do(call)` is what the call returns. `session()` is new, over an engine of its own; `other` is somebody else's."""

    def __init__(self, runner: Runner, engine: Any, other: Any, colour: str) -> None:
        self.runner = runner
        self.engine = engine
        self._session = AsyncSession if colour == "async" else Session
        self.other = self._session(other)

    def session(self) -> Any:
        return self._session(self.engine)

    def do(self, value: Any) -> Any:
        return self.runner.run(maybe(value))

    def enter(self, block: Any) -> Any:
        return self.do(block.__enter__() if hasattr(block, "__enter__") else block.__aenter__())

    def exit(self, block: Any, error: BaseException | None = None) -> None:
        told: tuple[type | None, BaseException | None, TracebackType | None] = (error and type(error), error, None)
        self.do(block.__exit__(*told) if hasattr(block, "__exit__") else block.__aexit__(*told))
