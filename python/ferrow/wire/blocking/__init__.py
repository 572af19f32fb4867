"""Waiting by blocking the calling thread."""

from ferrow.wire.blocking.world import BLOCKING, BlockingWorld

__all__ = ["BLOCKING", "BlockingWorld"]
