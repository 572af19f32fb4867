"""A transaction around a part of a pipeline."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from ferrow.driver.isolation import begin_sql
from ferrow.driver.single import Single
from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow.driver.pipeline import AsyncPipeline


class AsyncPipelineTransaction(Single):
    """Made by `pipe.transaction()`, where more is said. Its statements are those of the pipeline that are queued in its block."""

    __slots__ = ("_options", "_pipe", "_state")

    def __init__(self, pipe: AsyncPipeline, isolation: str | None, readonly: bool, deferrable: bool) -> None:
        self._pipe = pipe
        self._options = (isolation, readonly, deferrable)
        self._state = "new"

    async def __aenter__(self) -> None:
        pipe = self._pipe
        conn, wires = pipe._conn, pipe._open()
        if self._state != "new":
            raise ProgrammingError("a transaction object is used once; call transaction() for another one")
        sql = begin_sql(conn.dialect, *self._options)
        if pipe._inside or conn._stack or conn._implicit.begun:
            raise ProgrammingError(
                "the connection is in a transaction already, and everything that is queued is a part of it; inside, use "
                "script() with SAVEPOINT, or conn.transaction() around a pipeline of its own"
            )
        wires.begin(sql)
        pipe._inside = pipe._begins = True
        self._state = "open"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pipe = self._pipe
        self._state = "done"
        pipe._inside = False
        if pipe._state == "open":
            pipe._end("COMMIT" if error is None else "ROLLBACK")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state}>"
