"""Calendar days."""

from __future__ import annotations

import datetime
from typing import ClassVar

from ferrow.types.base import SQLType


class Date(SQLType):
    """`datetime.date` <-> date; ISO text (`2024-02-29`) on SQLite."""

    __slots__ = ()
    kind = "date"
    python: ClassVar[type] = datetime.date
    oid: ClassVar[int | None] = 1082
    names: ClassVar[dict[str, str]] = {"postgresql": "date", "sqlite": "DATE", "mysql": "date"}
