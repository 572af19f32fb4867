"""What listening gives: notifications, and gaps in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notification:
    """One NOTIFY that reached us."""

    channel: str
    """As it was given to `listen` and `notify`: names are taken as they are, capital letters too."""
    payload: str
    """What the sender added; empty without."""
    pid: int
    """Number of the server process that sent it: `conn.backend_pid` of the sender."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Notifications may be missing here: read again what they would have been about.

    By the time it arrives the listener listens again, so what is read now and what is notified later leave nothing out.
    """

    since: datetime
    """Nothing sent before this moment is missing (aware, UTC, by the clock of this machine)."""
    error: Exception
    """Why: the loss of the connection, or NotificationsLost."""
