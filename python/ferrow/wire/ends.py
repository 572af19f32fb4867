"""Which statements begin or end a transaction, on any database."""

from __future__ import annotations

from ferrow import _core
from ferrow.lexical import ESCAPING, database


def transaction_end(reading: str, sql: str, several: bool = False, version: str = "") -> str | None:
    """The command of a statement that does; on PostgreSQL of the first such of `several`. `reading`: see
    `lexical.GRAMMARS`; `version`: what a server of MariaDB or MySQL calls its own."""
    dialect = database(reading)
    if dialect == "mysql":
        from ferrow.wire.mysql import comments, control

        servers = [comments.server(version)] if version else comments.UNKNOWN
        return next(filter(None, (control.transaction_end(sql, server, reading) for server in servers)), None)
    return _core.transaction_end(dialect, sql, several, reading == ESCAPING)
