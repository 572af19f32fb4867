"""Waiting on an asyncio loop (any loop: uvloop included). Imported only when somebody awaits."""

from ferrow.wire.aio.world import ASYNCIO, AsyncioWorld

__all__ = ["ASYNCIO", "AsyncioWorld"]
