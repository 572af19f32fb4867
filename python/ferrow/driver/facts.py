"""What a connection knows about itself and its server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.driver.version import version_number
from ferrow.errors import DatabaseError

if TYPE_CHECKING:
    from ferrow.driver.connection import AsyncConnection


class AsyncFacts:
    """Names, numbers and states, for connections."""

    __slots__ = ()

    def _conn_here(self) -> AsyncConnection:
        """The connection to work on."""
        raise NotImplementedError

    @property
    def dialect(self) -> str:
        """`postgresql` or `sqlite`."""
        return self._conn_here().wire.dialect

    @property
    def server_version(self) -> str:
        """What the server calls its version, e.g. `16.4 (Debian 16.4-1)`; on SQLite that of the library, e.g. `3.50.2`."""
        return self._conn_here().wire.server_version

    @property
    def server_version_num(self) -> int:
        """The same as a number that compares: 160004, 3050002 for SQLite 3.50.2, 101114 for MariaDB 10.11.14; 0 if the server does not say."""
        wire = self._conn_here().wire
        return version_number(wire.dialect, wire.server_version)

    @property
    def status(self) -> Status:
        """Transaction status, as the server last reported it: a str, `idle`, `transaction` or `failed`. Raises InterfaceError if closed."""
        return self._conn_here().wire.status

    @property
    def backend_pid(self) -> int | None:
        """Number of the server process that serves the connection, as in `pg_stat_activity`; None on SQLite."""
        return self._conn_here().wire.backend_pid

    async def ping(self) -> bool:
        """Whether the database answers, also inside a transaction that has failed. Never raises a database error."""
        try:
            # Empty, because a transaction that has failed refuses every statement.
            await self._conn_here().wire.script("")
        except DatabaseError:
            return False
        return True

    async def info(self) -> dict[str, Any]:
        """How the connection is. Asks the server whether it answers; never raises a database error.

        Keys: `dialect`; `closed`; `healthy` (as `ping`); `status` (of the transaction); `server_version`, `server_version_num`;
        `backend_pid` (None on SQLite); `cached_statements` (how many are kept); `unnamed_statements` (whether they are sent
        with every execution, as behind a pooler); `parameters` (what the server reports of its settings, by name). What is
        not known of a closed connection is None, 0, False or empty.
        """
        known: dict[str, Any] = {
            "dialect": None,
            "closed": True,
            "healthy": await self.ping(),
            "status": None,
            "server_version": None,
            "server_version_num": None,
            "backend_pid": None,
            "cached_statements": 0,
            "unnamed_statements": False,
            "parameters": {},
        }
        wire = self._conn_here()._wire
        if wire is None:
            return known
        known["dialect"] = wire.dialect
        if not wire.closed:
            version = wire.server_version
            known.update(
                closed=False,
                status=str(wire.status),
                server_version=version,
                server_version_num=version_number(wire.dialect, version),
                **wire.facts(),
            )
        return known
