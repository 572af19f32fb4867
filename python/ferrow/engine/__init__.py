"""The engine: from a URL to connections, pools and transactions.

Names are imported on first use: an engine loads asyncio only when it is used from async code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.engine._sync import ConnectionScope as ConnectionScope
    from ferrow.engine._sync import Engine as Engine
    from ferrow.engine._sync import EngineStream as EngineStream
    from ferrow.engine._sync import Inspector as Inspector
    from ferrow.engine._sync import PipelineScope as PipelineScope
    from ferrow.engine._sync import Pool as Pool
    from ferrow.engine._sync import TransactionScope as TransactionScope
    from ferrow.engine.conflicts import retry as retry
    from ferrow.engine.conflicts import retrying as retrying
    from ferrow.engine.create import create_engine as create_engine
    from ferrow.engine.create import create_pool as create_pool
    from ferrow.engine.engine import AsyncEngine as AsyncEngine
    from ferrow.engine.inspector import AsyncInspector as AsyncInspector
    from ferrow.engine.pipeline import AsyncPipelineScope as AsyncPipelineScope
    from ferrow.engine.pool import AsyncPool as AsyncPool
    from ferrow.engine.result import QueryResult as QueryResult
    from ferrow.engine.scope import AsyncConnectionScope as AsyncConnectionScope
    from ferrow.engine.stats import PoolStats as PoolStats
    from ferrow.engine.stream import AsyncEngineStream as AsyncEngineStream
    from ferrow.engine.transaction import AsyncTransactionScope as AsyncTransactionScope

_HOME = {
    "ConnectionScope": "_sync",
    "Engine": "_sync",
    "EngineStream": "_sync",
    "Inspector": "_sync",
    "PipelineScope": "_sync",
    "Pool": "_sync",
    "TransactionScope": "_sync",
    "create_engine": "create",
    "create_pool": "create",
    "AsyncEngine": "engine",
    "AsyncInspector": "inspector",
    "AsyncPipelineScope": "pipeline",
    "AsyncPool": "pool",
    "QueryResult": "result",
    "retry": "conflicts",
    "retrying": "conflicts",
    "AsyncConnectionScope": "scope",
    "PoolStats": "stats",
    "AsyncEngineStream": "stream",
    "AsyncTransactionScope": "transaction",
}

__all__ = [
    "create_engine", "create_pool", "Engine", "AsyncEngine", "Pool", "AsyncPool", "PoolStats", "QueryResult",
    "TransactionScope", "AsyncTransactionScope", "ConnectionScope", "AsyncConnectionScope",
    "PipelineScope", "AsyncPipelineScope", "EngineStream", "AsyncEngineStream", "Inspector", "AsyncInspector", "retry", "retrying",
]  # fmt: skip

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
