"""Connections that listen, in either colour."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ferrow import driver
from tests.support.colours import items, maybe


async def other(url: str, colour: str, **options: Any) -> Any:
    return await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)


async def payloads(conn: Any) -> list[str]:
    """What is there. What a connection sends to itself comes with the answer to the sending."""
    return [notification.payload for notification in await items(conn.notifications(timeout=0))]


async def take(conn: Any, number: int) -> list[str]:
    """What comes, waiting for it."""
    stream = conn.notifications(timeout=20)
    step = anext if hasattr(stream, "__anext__") else next
    return [(await maybe(step(stream))).payload for _ in range(number)]


# --- listeners -------------------------------------------------------------------------------------------------------

QUICK = {"min_backoff": 0.01, "max_backoff": 0.05}


def make(colour: str, url: str, *channels: str, **options: Any) -> Any:
    """A listener that does not hesitate long."""
    kind: Any = driver.AsyncListener if colour == "async" else driver.Listener
    return kind(url, *channels, **{**QUICK, **options})


async def step(listener: Any) -> Any:
    """The next event."""
    return await anext(listener) if hasattr(listener, "__anext__") else next(listener)


def meanwhile(work: Callable[[], object]) -> threading.Thread:
    """Something that happens while the test waits."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
