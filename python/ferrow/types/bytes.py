"""Raw bytes."""

from __future__ import annotations

from typing import ClassVar

from ferrow.types.base import SQLType


class Bytes(SQLType):
    """`bytes` <-> bytea / BLOB, byte for byte. Values come back as `bytes`."""

    __slots__ = ()
    kind = "bytes"
    python = bytes
    oid: ClassVar[int | None] = 17
    names: ClassVar[dict[str, str]] = {"postgresql": "bytea", "sqlite": "BLOB", "mysql": "longblob"}
