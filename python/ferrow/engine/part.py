"""What the parts of an engine share: each knows the engine that it is a part of."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine


class AsyncPart:
    """A part of an engine."""

    __slots__ = ()

    @property
    def _whole(self) -> AsyncEngine:
        """The engine that this is a part of."""
        return cast("AsyncEngine", self)
