"""The settings of a transaction that has been begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.driver.ending import ALLOW_WRITES, REFUSE_WRITES
from ferrow.driver.isolation import isolation_level
from ferrow.errors import DataError, NotSupportedError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import Wire
    from ferrow.driver.transaction import AsyncTransaction


async def isolate(transaction: AsyncTransaction, level: str) -> None:
    """Set the isolation level. SQLite knows only one, which is as strict as any."""
    word = isolation_level(level)
    wire = _fresh(transaction, "the isolation level is set", "isolation=...")
    _settable(wire, "isolation level", f"isolation={level.lower()!r}")
    if wire.dialect != "sqlite":
        await wire.script(f"SET TRANSACTION ISOLATION LEVEL {word}")
        transaction._begun = wire.requests


async def restrict(transaction: AsyncTransaction, readonly: bool) -> None:
    """Refuse writes, or allow them."""
    if not isinstance(readonly, bool):
        raise DataError(f"set_read_only takes True or False, not {readonly!r}")
    wire = _outermost(transaction) if readonly else _fresh(transaction, "writes are allowed", "readonly=False")
    _settable(wire, "access mode", f"readonly={readonly}")
    first = wire.requests == transaction._begun
    if wire.dialect == "sqlite":
        transaction._refusing = True  # also when this is interrupted: the end of the transaction sees to it
        await wire.script(REFUSE_WRITES if readonly else ALLOW_WRITES)
    else:
        await wire.script(f"SET TRANSACTION {'READ ONLY' if readonly else 'READ WRITE'}")
    transaction._readonly = readonly
    if first:
        transaction._begun = wire.requests


def _settable(wire: Wire, what: str, option: str) -> None:
    """Raises NotSupportedError where a transaction takes its settings with its beginning only."""
    if wire.dialect == "mysql":
        raise NotSupportedError(
            f"MariaDB and MySQL take the {what} of a transaction before it begins, and not inside: say transaction({option}) or begin({option})"
        )


def _outermost(transaction: AsyncTransaction) -> Wire:
    conn = transaction._check()
    if transaction._savepoint is not None:
        raise ProgrammingError("settings belong to the outermost transaction; a nested one is a savepoint")
    return conn.wire


def _fresh(transaction: AsyncTransaction, what: str, option: str) -> Wire:
    """The wire, unless something was asked of it since the beginning. The server would refuse too, and end the transaction."""
    wire = _outermost(transaction)
    if wire.requests != transaction._begun:
        raise ProgrammingError(
            f"{what} before the first statement of a transaction; this one has begun to work. Say begin({option})"
        )
    return wire
