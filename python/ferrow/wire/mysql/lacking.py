"""What a `Wire` to MariaDB refuses, since only PostgreSQL has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ferrow.errors import NotSupportedError

if TYPE_CHECKING:
    from ferrow.wire.inbox import Reader

_ONLY_POSTGRESQL = "MariaDB has no {}: that needs postgresql://"


class Lacking:
    """Methods that raise NotSupportedError."""

    __slots__ = ()

    def set_codec(self, codec: Any) -> None:
        raise NotSupportedError("codecs are for the types of PostgreSQL; MariaDB's types have none")

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        raise NotSupportedError(_ONLY_POSTGRESQL.format("notifications"))

    async def describe(self, sql: str, timeout: float | None = None) -> NoReturn:
        raise NotSupportedError(_ONLY_POSTGRESQL.format("COPY"))

    def remembered(self, sql: str) -> None:
        return None

    async def copy_in(self, sql: str, timeout: float | None = None, describing: str | None = None) -> NoReturn:
        raise NotSupportedError(_ONLY_POSTGRESQL.format("COPY"))

    async def copy_out(self, sql: str, timeout: float | None = None) -> NoReturn:
        raise NotSupportedError(_ONLY_POSTGRESQL.format("COPY"))
