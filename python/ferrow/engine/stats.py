"""The figures of a pool at one moment."""

from __future__ import annotations

from typing import NamedTuple


class PoolStats(NamedTuple):
    """Connections of a pool by what they are doing, each counted once: their sum is `size`."""

    idle: int
    """Open, and lent to nobody."""
    used: int
    """Lent."""
    opening: int
    """Being connected."""
    recovering: int
    """Being rolled back, reset or closed."""
    waiting: int
    """Callers in the queue (not connections)."""
    max_size: int
    shared: int = 0
    """Statements under way on connections that tasks share (not connections; those are among the used)."""

    @property
    def size(self) -> int:
        """All connections, those being opened or recovered included."""
        return self.idle + self.used + self.opening + self.recovering

    def __str__(self) -> str:
        return (
            f"{self.size} of {self.max_size} connections ({self.idle} idle, {self.used} used, {self.opening} opening, "
            f"{self.recovering} recovering), {self.waiting} waiting"
            + (f", {self.shared} statements on shared connections" if self.shared else "")
        )
