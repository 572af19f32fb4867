"""Hashing a password where it does not hold up an event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow._core import PgHashing


def hash_elsewhere(job: PgHashing) -> None:
    """Have a thread do it, and let the login go on afterwards."""
    done = asyncio.get_running_loop().run_in_executor(None, job.run)
    done.add_done_callback(lambda _: job.finish())
