"""What wires over other drivers have not, or need not do anything for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ferrow.errors import NotSupportedError
from ferrow.wire.mysql.sequence import MysqlSequence

if TYPE_CHECKING:
    from ferrow.wire.inbox import Reader

_MISSING = "{} needs a connection of Ferrow's own to PostgreSQL; this one is another driver's"


class Missing:
    """A part of such a wire."""

    run_now = None
    news = None
    refusals = 0

    __slots__ = ()

    async def pipeline(self) -> MysqlSequence:
        return MysqlSequence(self)  # type: ignore[arg-type]  # it runs what any wire does

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        """Nothing is kept prepared; a wrong statement is found when it runs."""

    async def clear_cache(self) -> None:
        """Nothing is kept."""

    def set_codec(self, codec: Any) -> None:
        raise NotSupportedError(_MISSING.format("a codec"))

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        raise NotSupportedError(_MISSING.format("listening"))

    async def describe(self, sql: str, timeout: float | None = None) -> NoReturn:
        raise NotSupportedError(_MISSING.format("COPY"))

    def remembered(self, sql: str) -> None:
        return None

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> NoReturn:
        raise NotSupportedError(_MISSING.format("COPY"))

    async def copy_out(self, sql: str, timeout: float | None = None) -> NoReturn:
        raise NotSupportedError(_MISSING.format("COPY"))
