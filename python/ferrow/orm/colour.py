"""Which of an engine's two colours a session talks through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.engine.engine import AsyncEngine
from ferrow.errors import InterfaceError, shown

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.engine import Engine

AnyEngine: TypeAlias = "Engine | AsyncEngine"
"""An engine of either colour: each knows the other, so a session takes both."""


def coloured(engine: Any, world: World | None) -> AsyncEngine:
    """The async engine over `world`; None is asyncio, or the world of an `AsyncEngine` that is given.

    Raises:
        InterfaceError: not an engine.
    """
    if isinstance(engine, AsyncEngine):
        return engine if world is None or engine.world is world else engine.sync._core
    core = getattr(engine, "_core", None)
    if not isinstance(core, AsyncEngine):
        msg = f"a session needs an engine, not {shown(engine)}; make one with create_engine(url)"
        raise InterfaceError(msg)
    return core if world is not None else engine.aio  # asked for only now: it loads asyncio
