"""SQL types, one file each: the name per database, the Python type, and what a value looks like after the round trip."""

from __future__ import annotations

from ferrow.types.base import SQLType
from ferrow.types.boolean import Boolean
from ferrow.types.bytes import Bytes
from ferrow.types.date import Date
from ferrow.types.float import Double, Real
from ferrow.types.infer import infer, infer_value
from ferrow.types.integer import BigInteger, Integer, SmallInteger
from ferrow.types.json import Json, PlainJson
from ferrow.types.listof import ListOf
from ferrow.types.numeric import Numeric
from ferrow.types.text import String, Text
from ferrow.types.time import Time
from ferrow.types.timestamp import Timestamp, TimestampTz
from ferrow.types.uuid import Uuid

__all__ = [
    "BigInteger",
    "Boolean",
    "Bytes",
    "Date",
    "Double",
    "Integer",
    "Json",
    "ListOf",
    "Numeric",
    "PlainJson",
    "Real",
    "SQLType",
    "SmallInteger",
    "String",
    "Text",
    "Time",
    "Timestamp",
    "TimestampTz",
    "Uuid",
    "infer",
    "infer_value",
]
