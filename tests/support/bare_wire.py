"""What wires that tests make themselves have in common: a state, and nothing to wait for."""

from __future__ import annotations

from ferrow.abc import Status
from ferrow.errors import InterfaceError


class BareWire:
    """Open, idle, and at nobody's service. Who inherits from it says what `run` and `script` do."""

    busy = False

    def __init__(self) -> None:
        self.closed = False
        self.status = Status.IDLE
        self.requests = 0
        self.refusals = 0

    async def script(self, sql: str, timeout: float | None = None) -> None:
        raise NotImplementedError

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        await self.script(sql)

    async def settle(self, timeout: float) -> bool:
        return True

    def undo(self) -> bool:
        return False

    def probe(self) -> bool:
        return not self.closed

    @property
    def clean(self) -> bool:
        return not self.busy and self.status is Status.IDLE and not self.closed

    async def close(self) -> None:
        self.closed = True

    def refusal(self) -> InterfaceError | None:
        return InterfaceError("Connection is closed") if self.closed else None

    def abort(self) -> None:
        self.closed = True
