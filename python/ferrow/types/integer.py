"""Whole numbers in three sizes. SQLite stores up to 64 bit whatever the declared size."""

from __future__ import annotations

from typing import ClassVar

from ferrow.types.base import SQLType


class Integer(SQLType):
    """`int` <-> 32 bit: -2147483648 to 2147483647 on PostgreSQL. Beyond the size is a DataError."""

    __slots__ = ()
    kind = "int"
    python = int
    oid: ClassVar[int | None] = 23
    names: ClassVar[dict[str, str]] = {"postgresql": "integer", "sqlite": "INTEGER", "mysql": "int"}


class SmallInteger(Integer):
    """`int` <-> 16 bit: -32768 to 32767 on PostgreSQL."""

    __slots__ = ()
    oid: ClassVar[int | None] = 21
    names: ClassVar[dict[str, str]] = {"postgresql": "smallint", "sqlite": "SMALLINT", "mysql": "smallint"}


class BigInteger(Integer):
    """`int` <-> 64 bit on both databases."""

    __slots__ = ()
    oid: ClassVar[int | None] = 20
    names: ClassVar[dict[str, str]] = {"postgresql": "bigint", "sqlite": "BIGINT", "mysql": "bigint"}
