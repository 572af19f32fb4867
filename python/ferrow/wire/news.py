"""What a PostgreSQL server says without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.wire.inbox import Inbox
from ferrow.wire.notices import Notices

if TYPE_CHECKING:
    from ferrow._core import PgSession


class News:
    """The notices and the notifications of one connection."""

    __slots__ = ("inbox", "notices")

    def __init__(self, size: int) -> None:
        self.notices: Notices = Notices()
        self.inbox: Inbox = Inbox(size)

    def follow(self, session: PgSession) -> None:
        """Take what comes in that session from now on."""
        put = self.inbox.put
        session.on_notice = self.notices
        session.on_notification = lambda pid, channel, payload: put((channel, payload, pid))

    def reset(self) -> None:
        """Forget who wanted to know what: the connection is about to get another owner."""
        self.notices.handler = None
        self.inbox.reset("Connection is closed: it went back to its pool at the end of its block")
