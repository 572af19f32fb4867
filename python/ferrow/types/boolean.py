"""True and False."""

from __future__ import annotations

from typing import ClassVar

from ferrow.types.base import SQLType


class Boolean(SQLType):
    """`bool` <-> `boolean` on PostgreSQL; 0 or 1 in a BOOLEAN column on SQLite."""

    __slots__ = ()
    kind = "bool"
    python = bool
    oid: ClassVar[int | None] = 16
    names: ClassVar[dict[str, str]] = {"postgresql": "boolean", "sqlite": "BOOLEAN", "mysql": "tinyint(1)"}
