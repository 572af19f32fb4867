"""Whose notes are seen."""

from contextvars import ContextVar
from typing import Any

TEAM: ContextVar[int] = ContextVar("team", default=1)

NOW = {"postgresql": "now()", "mysql": "CURRENT_TIMESTAMP", "sqlite": "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"}


def now() -> Any:
    from ferrow import func

    return func.now()
