"""Which statements begin or end a transaction, on any database."""

from __future__ import annotations

from ferrow import _core


def transaction_end(dialect: str, sql: str, several: bool = False) -> str | None:
    """The command of a statement that does; on PostgreSQL of the first such of `several`."""
    if dialect == "mysql":
        from ferrow.wire.mysql import control

        return control.transaction_end(sql)
    return _core.transaction_end(dialect, sql, several)
