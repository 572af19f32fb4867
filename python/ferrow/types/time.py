"""Times of day."""

from __future__ import annotations

import datetime
from typing import ClassVar

from ferrow.types.base import SQLType


class Time(SQLType):
    """`datetime.time` without a zone <-> time, to the microsecond; `HH:MM:SS.ffffff` text on SQLite. Aware times are refused."""

    __slots__ = ()
    kind = "time"
    python: ClassVar[type] = datetime.time
    oid: ClassVar[int | None] = 1083
    names: ClassVar[dict[str, str]] = {"postgresql": "time", "sqlite": "TIME", "mysql": "time(6)"}
