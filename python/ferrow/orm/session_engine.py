"""The engine of a session without `await`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.engine import Engine
    from ferrow.orm.session import AsyncSession


class OnlySync:
    """What `Session` has in its own words."""

    __slots__ = ()

    if TYPE_CHECKING:
        _core: AsyncSession

    @property
    def engine(self) -> Engine:
        """The engine, for what sessions have no method for; its `transaction()` belongs to the one the session is in."""
        return self._core.engine.sync
