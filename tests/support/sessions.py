"""The session of a call style."""

from __future__ import annotations

from typing import Any


def session_of(engine: Any, colour: str) -> Any:
    """`AsyncSession(engine)` or `Session(engine)`."""
    from ferrow import AsyncSession, Session

    return AsyncSession(engine) if colour == "async" else Session(engine)
