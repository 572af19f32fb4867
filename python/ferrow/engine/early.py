"""Transactions of asynchronous generators that a loop has left early: what other code did in them meanwhile is undone, and somebody is told.

asyncio closes such a generator some turns later, in a task of its own. Until then its transaction is that of the running code.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import AsyncIterator
from inspect import CO_ASYNC_GENERATOR
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.engine.context import Link


async def _left() -> AsyncIterator[None]:
    yield


_closing = _left().aclose()  # type: ignore[attr-defined]
_CLOSING = type(_closing)
"""What the task of a loop that closes a generator runs: it has no name in `types`."""
_closing.close()


class Holder:
    """The asynchronous generator that has opened a transaction. `joined`: other code has used the transaction."""

    __slots__ = ("_code", "_frame", "_line", "joined")

    def __init__(self, frame: int, code: CodeType, line: int) -> None:
        # Of the frame itself only who it is: it holds what holds this. While the generator lives nothing else is called so.
        self._frame = frame
        self._code = code
        self._line = line
        self.joined: bool = False

    def noted(self) -> None:
        """The transaction is used by the running code."""
        frame = sys._getframe(2)
        while frame is not None:
            if id(frame) == self._frame:
                return
            frame = frame.f_back  # type: ignore[assignment]
        self.joined = True

    def warn(self) -> None:
        """Say what was undone."""
        name = self._code.co_qualname
        warnings.warn_explicit(
            f"the asynchronous generator {name}() was left early inside a transaction() or begin() block, or a session's, and closed by "
            "asyncio some time later. What other code did meanwhile through the same engine was part of that block, and was rolled back "
            f"with it. Close the generator where the loop ends: `async with contextlib.aclosing({self._code.co_name}(...)) as items: async for ... in items:`",
            RuntimeWarning,
            self._code.co_filename,
            self._line,
        )


def holder() -> Holder | None:
    """The generator that the running code is part of: of a context manager made by contextlib it is the one that enters that."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_flags & CO_ASYNC_GENERATOR:
            outer = frame.f_back
            if outer is None or outer.f_code.co_filename != contextlib.__file__:
                return Holder(id(frame), frame.f_code, frame.f_lineno)
        frame = frame.f_back  # type: ignore[assignment]
    return None


def told(link: Link, error: BaseException | None) -> None:
    """Warn if `error`, with which a block is left, is asyncio's closing of its generator, and other code has used the block."""
    found = link.holder
    asyncio = sys.modules.get("asyncio")
    if found is None or not found.joined or asyncio is None:
        return
    if not isinstance(error, (GeneratorExit, asyncio.CancelledError)):
        return
    task = asyncio.current_task()
    if task is not None and isinstance(task.get_coro(), _CLOSING):
        found.warn()
