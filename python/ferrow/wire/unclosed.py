"""Connections that are garbage collected without having been closed: a ResourceWarning, and the end of the session."""

from __future__ import annotations

import warnings
from sys import is_finalizing
from typing import TYPE_CHECKING, Any

from ferrow.process import pid

if TYPE_CHECKING:
    from ferrow.abc import Wire, World


class Unclosed:
    """Held by the connection that opened a wire, and collected with it.

    On an event loop the session would otherwise last as long as the loop, which holds the socket.
    """

    __slots__ = ("_key", "_pid", "_wire")

    def __init__(self, wire: Wire, world: World) -> None:
        self._wire = wire
        self._key: Any = world.key()
        self._pid = pid()

    def __del__(self) -> None:
        wire = self._wire
        if wire.closed or is_finalizing() or self._pid != pid():
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

    def _end(self) -> None:
        """The garbage collector runs in any thread; a transport may only be used in that of its loop."""
        later = getattr(self._key, "call_soon_threadsafe", None)
        if later is None or self._key.is_closed():
            return self._wire.abort()
        try:
            later(self._wire.abort)
        except RuntimeError:  # the loop was closed meanwhile
            self._wire.abort()
