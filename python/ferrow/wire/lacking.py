"""What only PostgreSQL has, on wires to other databases: methods that raise NotSupportedError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from ferrow.errors import NotSupportedError

if TYPE_CHECKING:
    from ferrow.wire.inbox import Reader


class Lacking:
    """A part of such a wire, which has words for what it lacks."""

    no_codecs: ClassVar[str]
    no_news: ClassVar[str]
    no_copy: ClassVar[str]

    __slots__ = ()

    def set_codec(self, codec: Any) -> None:
        raise NotSupportedError(self.no_codecs)

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        raise NotSupportedError(self.no_news)

    async def describe(self, sql: str, timeout: float | None = None) -> NoReturn:
        raise NotSupportedError(self.no_copy)

    def remembered(self, sql: str) -> None:
        return None

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> NoReturn:
        raise NotSupportedError(self.no_copy)

    async def copy_out(self, sql: str, timeout: float | None = None) -> NoReturn:
        raise NotSupportedError(self.no_copy)
