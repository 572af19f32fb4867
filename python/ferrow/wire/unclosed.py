"""Connections that are garbage collected without having been closed: a ResourceWarning, and the end of the session."""

from __future__ import annotations

import warnings
from sys import is_finalizing
from typing import TYPE_CHECKING, Any

from ferrow.process import pid
from ferrow.wire.deadline import SETTLE
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.abc import Wire, World


class Unclosed:
    """Held by the connection that opened a wire, and collected with it.

    On an event loop the session would otherwise last as long as the loop, which holds the socket.
    """

    __slots__ = ("_ended", "_key", "_pid", "_wire", "_world")

    def __init__(self, wire: Wire, world: World) -> None:
        self._wire = wire
        self._world = world
        self._key: Any = world.key()
        self._ended = False
        self._pid = pid()

    def __del__(self) -> None:
        wire = self._wire
        if self._ended or wire.closed or is_finalizing() or self._pid != pid():
            return  # sockets close with the process; in a forked child the parent still uses them
        try:
            warnings.warn(
                f"unclosed connection {wire!r}: use a `with` block, or call close()",
                ResourceWarning,
                stacklevel=2,
                source=wire,
            )
        finally:
            self._end()

    def end(self) -> None:
        """Close the connection without waiting, wherever this is called: in another thread, or after the end of the event loop."""
        self._ended = True
        try:
            here = self._world.key()
        except RuntimeError:
            here = None
        if here is not self._key:
            self._end()
        elif self._wire.busy:
            self._world.spawn(_settled(self._wire))
        else:
            drive(self._wire.close())

    def _end(self) -> None:
        """The garbage collector runs in any thread; a transport may only be used in that of its loop."""
        self._world.call_in(self._key, self._wire.abort)


async def _settled(wire: Wire) -> None:
    """Close it, but first have the server end what nobody waits for any more: it would go on."""
    try:
        await wire.settle(SETTLE)
    finally:
        await wire.close()
