"""Binary floating point numbers."""

from __future__ import annotations

from typing import ClassVar

from ferrow.types.base import SQLType


class Double(SQLType):
    """`float` <-> 64 bit IEEE 754, bit for bit. An `int` is taken where it means the same number.

    NaN is a value on PostgreSQL and a DataError on SQLite, which would silently store NULL.
    """

    __slots__ = ()
    kind = "float"
    python = float
    oid: ClassVar[int | None] = 701
    names: ClassVar[dict[str, str]] = {
        "postgresql": "double precision",
        "sqlite": "DOUBLE PRECISION",
        "mysql": "double",
    }


class Real(Double):
    """`float` <-> 32 bit on PostgreSQL (rounded to about 7 digits there); SQLite keeps 64 bit."""

    __slots__ = ()
    oid: ClassVar[int | None] = 700
    names: ClassVar[dict[str, str]] = {"postgresql": "real", "sqlite": "REAL", "mysql": "double"}
