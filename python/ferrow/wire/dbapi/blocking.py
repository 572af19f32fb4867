"""Wires of the blocking world, over connections that block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.wire.dbapi.turn import ThreadTurn
from ferrow.wire.dbapi.wire import DbapiWire
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.wire.dbapi.hold import Giving, Hold
    from ferrow.wire.settings import Settings


def open_blocking(hold: Hold, settings: Settings, giving: Giving | None = None) -> DbapiWire:
    """A wire over the connection, which is ready for it."""
    wire = DbapiWire(hold, settings, ThreadTurn(hold), giving)
    drive(wire.prepared())
    return wire
