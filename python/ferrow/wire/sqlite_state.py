"""What both SQLite wires know of their connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ferrow._core import SQLITE_VERSION
from ferrow.abc import Status
from ferrow.wire.sqlite import STATUS, facts

if TYPE_CHECKING:
    from ferrow._core import SqliteConnection


class SqliteState:
    """A part of both SQLite wires."""

    dialect = "sqlite"
    idle = None
    refusals = 0
    news = None
    backend_pid = None
    patience: ClassVar[float] = 5.0
    """Seconds that what `close` has interrupted gets to end: a function in Python can take as long as it likes."""

    __slots__ = ()

    if TYPE_CHECKING:
        _core: SqliteConnection

        @property
        def closed(self) -> bool:
            """As `Wire.closed`."""
            ...

    @property
    def core(self) -> SqliteConnection:
        """The connection itself."""
        return self._core

    def touch(self) -> None:
        """Nothing: this connection has one owner."""

    def probe(self) -> bool:
        """As `Wire.probe`."""
        return not self.closed

    @property
    def status(self) -> Status:
        """As `Wire.status`."""
        return STATUS[self._core.status]

    @property
    def requests(self) -> int:
        """As `Wire.requests`."""
        return self._core.requests

    @property
    def server_version(self) -> str:
        """As `Wire.server_version`."""
        return SQLITE_VERSION

    def facts(self) -> dict[str, Any]:
        """As `Wire.facts`."""
        return facts(self._core)
