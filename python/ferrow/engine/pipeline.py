"""`async with engine.pipeline()`: a connection for the block, and a pipeline on it."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from ferrow.engine.scope import AsyncConnectionScope

if TYPE_CHECKING:
    from ferrow.driver.pipeline import AsyncPipeline
    from ferrow.engine.engine import AsyncEngine


class AsyncPipelineScope:
    """Borrows a connection for the length of a block, and opens a pipeline on it. Inside a transaction of the same engine both
    are that transaction's."""

    __slots__ = ("_pipeline", "_scope")

    def __init__(self, engine: AsyncEngine) -> None:
        self._scope = AsyncConnectionScope(engine)
        self._pipeline: AsyncPipeline | None = None

    async def __aenter__(self) -> AsyncPipeline:
        connection = await self._scope.__aenter__()
        try:
            self._pipeline = pipeline = connection.pipeline()
            pipeline.borrowed = True
            return await pipeline.__aenter__()
        except BaseException as error:
            await self._scope.__aexit__(type(error), error, None)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pipeline, self._pipeline = self._pipeline, None
        try:
            if pipeline is not None:
                await pipeline.__aexit__(kind, error, traceback)
        except BaseException as failed:
            await self._scope.__aexit__(type(failed), failed, None)
            raise
        await self._scope.__aexit__(kind, error, traceback)
