"""What a `Wire` to MariaDB says of itself."""

from __future__ import annotations

from abc import abstractmethod
from time import monotonic
from typing import TYPE_CHECKING, Any

from pymysql.constants import SERVER_STATUS

from ferrow.abc import Status
from ferrow.wire.lacking import Lacking
from ferrow.wire.mysql.failures import over
from ferrow.wire.mysql.modes import Manner
from ferrow.wire.mysql.refused import NO_BACKSLASH

if TYPE_CHECKING:
    from ferrow.errors import InterfaceError
    from ferrow.wire.mysql.comments import Server
    from ferrow.wire.mysql.cursor import MysqlCursor
    from ferrow.wire.mysql.guard import Guard
    from ferrow.wire.mysql.modes import Modes
    from ferrow.wire.settings import Settings


class MysqlState(Lacking):
    """A part of `MysqlWire`."""

    __slots__ = ()

    if TYPE_CHECKING:
        _conn: Any
        _failed: bool
        _guard: Guard
        _limit: float | None
        _modes: Modes
        _loss: str | None  # why the connection was lost, once somebody has been told
        _open: MysqlCursor | None
        _packs: bool  # whether the server can be told to take several statements in one text
        _pid: int
        _refused: int
        _server: Server
        _settings: Settings
        _since: float
        _tracks: bool  # whether the server tells what it has set, unasked
        _turn: Any
        requests: int

    @property
    @abstractmethod
    def closed(self) -> bool:
        """As `Wire.closed`."""

    @property
    def _left(self) -> bool:
        """Whether the server has closed the connection, and nobody has been told."""
        return False

    def refusal(self) -> InterfaceError | None:
        return over(self._loss) if self.closed and not self._left else None

    async def settle(self, timeout: float) -> bool:
        return not self.closed

    def undo(self) -> bool:
        return False

    def probe(self) -> bool:
        return not self.closed

    @property
    def backend_pid(self) -> int | None:
        """The number of the connection, which KILL takes."""
        pid: int = self._conn.thread_id()
        return pid

    @property
    def idle(self) -> tuple[float, Status] | None:
        return monotonic() - self._since, self.status

    @property
    def refusals(self) -> int:
        return self._refused

    @property
    def status(self) -> Status:
        if self._failed:
            return Status.FAILED
        return Status.TRANSACTION if self._inside() or self._guard.over else Status.IDLE

    @property
    def divided(self) -> bool:
        """Whether the last statement has committed the transaction of a block, which goes on in another one."""
        return self._guard.over

    def _inside(self) -> bool:
        """Whether a transaction is open, as the server has last said."""
        return bool(self._conn.server_status & SERVER_STATUS.SERVER_STATUS_IN_TRANS)

    @property
    def clean(self) -> bool:
        return self.status is Status.IDLE and not self.closed and self._open is None

    @property
    def server_version(self) -> str:
        version: str = self._conn.get_server_info()
        return version.removeprefix("5.5.5-")  # what MariaDB says before its version, for old replicas

    @property
    def reading(self) -> str:
        """As `Wire.reading`."""
        return self.manner.reading

    @property
    def manner(self) -> Manner:
        """In what way the session takes statements, as far as is known."""
        return Manner(self._conn.server_status & NO_BACKSLASH, self._modes)

    def facts(self) -> dict[str, Any]:
        return {
            "cached_statements": 0,
            "unnamed_statements": False,
            "backend_pid": self.backend_pid,
            "parameters": {},
        }

    def __repr__(self) -> str:
        return f"{self._settings.redacted} {'closed' if self.closed else self.status}"
