"""The session of a blocking wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import PgSession

if TYPE_CHECKING:
    from ferrow.wire.tls_context import Secure


class BlockingSession(PgSession):
    """The core's, and how its connection is encrypted."""

    __slots__ = ("secure",)

    secure: Secure | None

    def __init__(self, **options: Any) -> None:
        self.secure = None
