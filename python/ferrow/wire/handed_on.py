"""What a wire that stands in for another one hands on as it is: how that one is, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.abc import Description, Status, Wire
    from ferrow.errors import InterfaceError
    from ferrow.wire.inbox import Reader
    from ferrow.wire.news import News


class HandedOn:
    """A part of such a wire. Statements are its own business, since it stands there to see them."""

    __slots__ = ()

    run_now = rows_now = None
    """None: on the fast path without coroutines it would not see them."""

    if TYPE_CHECKING:

        @property
        def inner(self) -> Wire:
            """The wire to which all goes; where there may be none any more, this raises."""
            ...

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        """As `Wire.wait_news`."""
        return await self.inner.wait_news(reader, timeout)

    def remembered(self, sql: str) -> Description | None:
        """As `Wire.remembered`."""
        return self.inner.remembered(sql)

    async def settle(self, timeout: float) -> bool:
        """As `Wire.settle`."""
        return await self.inner.settle(timeout)

    def undo(self) -> bool:
        """As `Wire.undo`."""
        return self.inner.undo()

    async def close(self) -> None:
        """As `Wire.close`."""
        await self.inner.close()

    def abort(self) -> None:
        """As `Wire.abort`."""
        self.inner.abort()

    def probe(self) -> bool:
        """As `Wire.probe`."""
        return self.inner.probe()

    @property
    def news(self) -> News | None:
        """As `Wire.news`."""
        return self.inner.news

    @property
    def backend_pid(self) -> int | None:
        """As `Wire.backend_pid`."""
        return self.inner.backend_pid

    @property
    def closed(self) -> bool:
        """As `Wire.closed`."""
        return self.inner.closed

    def refusal(self) -> InterfaceError | None:
        """As `Wire.refusal`."""
        return self.inner.refusal()

    @property
    def busy(self) -> bool:
        """As `Wire.busy`."""
        return self.inner.busy

    @property
    def idle(self) -> tuple[float, Status] | None:
        """As `Wire.idle`."""
        return self.inner.idle

    @property
    def refusals(self) -> int | None:
        """As `Wire.refusals`."""
        return self.inner.refusals

    @property
    def status(self) -> Status:
        """As `Wire.status`."""
        return self.inner.status

    @property
    def clean(self) -> bool:
        """As `Wire.clean`."""
        return self.inner.clean

    @property
    def requests(self) -> int:
        """As `Wire.requests`."""
        return self.inner.requests

    @property
    def reading(self) -> str:
        """As `Wire.reading`."""
        return self.inner.reading

    @property
    def server_version(self) -> str:
        """As `Wire.server_version`."""
        return self.inner.server_version

    def facts(self) -> dict[str, Any]:
        """As `Wire.facts`."""
        return self.inner.facts()
