"""Universally unique identifiers."""

from __future__ import annotations

import uuid
from typing import ClassVar

from ferrow.types.base import SQLType


class Uuid(SQLType):
    """`uuid.UUID` <-> uuid; its 36-character text on SQLite, which sorts like the 128-bit number."""

    __slots__ = ()
    kind = "uuid"
    python: ClassVar[type] = uuid.UUID
    oid: ClassVar[int | None] = 2950
    names: ClassVar[dict[str, str]] = {"postgresql": "uuid", "sqlite": "UUID", "mysql": "uuid"}
