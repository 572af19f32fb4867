"""What wires over other drivers have not, or need not do anything for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import InterfaceError
from ferrow.wire.lacking import Lacking
from ferrow.wire.sequence import WireSequence

_MISSING = "{} needs a connection of Ferrow's own to PostgreSQL; this one is another driver's"


class Missing(Lacking):
    """A part of such a wire."""

    no_codecs = _MISSING.format("a codec")
    no_news = _MISSING.format("listening")
    no_copy = _MISSING.format("COPY")
    run_now = rows_now = None
    news = None
    refusals = 0

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def closed(self) -> bool:
            """As `Wire.closed`."""
            ...

    def _over(self) -> InterfaceError:
        """For what is asked when it is closed."""
        raise NotImplementedError

    def refusal(self) -> InterfaceError | None:
        return self._over() if self.closed else None

    async def pipeline(self) -> WireSequence:
        return WireSequence(self)  # type: ignore[arg-type]  # it runs what any wire does

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        """Nothing is kept prepared; a wrong statement is found when it runs."""

    async def clear_cache(self) -> None:
        """Nothing is kept."""
