"""pg8000."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pg8000.dbapi import DatabaseError, Error

from ferrow import errors
from ferrow.lexical import reported
from ferrow.wire.dbapi.drivers.postgresql import Postgresql

_FIELDS = {
    "V": "severity",
    "C": "code",
    "M": "message",
    "D": "detail",
    "H": "hint",
    "s": "schema",
    "t": "table",
    "c": "column",
    "n": "constraint",
    "d": "data_type",
    "W": "where",
    "P": "position",
    "q": "internal_query",
    "p": "internal_position",
}

_NETWORK = "network error"
"""All that it says of a server that has gone; it goes on taking itself for open."""


class Pg8000(Postgresql):
    """A connection of pg8000. What its cursors call takes our placeholders as they are."""

    name = "pg8000"

    __slots__ = ()

    async def setup(self) -> None:
        # A statement goes out in several pieces, and would wait for the server to acknowledge the first: 40 ms.
        with suppress(OSError, AttributeError):
            self.conn._usock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def in_transaction(self) -> bool:
        return self.conn._transaction_status in (b"T", b"E")

    def failed(self) -> bool:
        return bool(self.conn._transaction_status == b"E")

    @property
    def closed(self) -> bool:
        return self.conn._sock is None

    @property
    def reading(self) -> str:
        return reported(self.conn.parameter_statuses.get("standard_conforming_strings"))

    @property
    def version(self) -> str:
        return str(self.conn.parameter_statuses.get("server_version", ""))

    async def ask(self, sql: str, values: list[Any] | None) -> tuple[list[str] | None, Sequence[Sequence[Any]], int]:
        conn = self.conn
        try:
            if values is None:
                context = conn.execute_simple(sql)
            else:
                context = conn.execute_unnamed(sql, vals=values)
        except DatabaseError as error:
            raise _translated(error, sql) from error
        except (Error, OSError, AttributeError, ValueError) as error:
            if conn._sock is None or isinstance(error, OSError) or str(error) == _NETWORK:
                self._dropped()
                raise errors.ConnectionLost(f"the connection to the server was lost: {error}") from error
            raise errors.InterfaceError(str(error)) from error
        if not context.columns:
            return None, (), context.row_count
        return [column["name"] for column in context.columns], context.rows or (), context.row_count

    def _dropped(self) -> None:
        with suppress(Error, OSError, AttributeError):
            self.conn.close()


def _translated(error: DatabaseError, sql: str) -> errors.DatabaseError:
    said = error.args[0] if error.args else None
    if not isinstance(said, dict):
        return errors.ProgrammingError(str(error))
    fields = {name: str(said[key]) for key, name in _FIELDS.items() if key in said}
    return errors.from_server(fields, sql)
