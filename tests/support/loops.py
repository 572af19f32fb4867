"""The event loops that tests run on: asyncio's own, and uvloop where it is installed."""

from __future__ import annotations

from typing import Any

import pytest


def _loops() -> list[Any]:
    try:
        import uvloop
    except ImportError:
        return [pytest.param(None, id="asyncio")]
    return [pytest.param(None, id="asyncio"), pytest.param(uvloop.new_event_loop, id="uvloop")]


LOOPS = _loops()
"""Parameters: what makes a loop; None is asyncio's own."""
