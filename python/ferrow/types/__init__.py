"""SQL types, one file each: the name per database, the Python type, and what a value looks like after the round trip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy
from ferrow.types.base import SQLType
from ferrow.types.boolean import Boolean
from ferrow.types.bytes import Bytes
from ferrow.types.date import Date
from ferrow.types.duration import Duration
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

if TYPE_CHECKING:
    from ferrow.types.codec import Codec as Codec
    from ferrow.types.codec import register_codec as register_codec
    from ferrow.types.codec import unregister_codec as unregister_codec
    from ferrow.types.enum import Enum as Enum
    from ferrow.types.enum import TextEnum as TextEnum
    from ferrow.types.values.array import Array as Array
    from ferrow.types.values.geometry import Box as Box
    from ferrow.types.values.geometry import Circle as Circle
    from ferrow.types.values.geometry import Line as Line
    from ferrow.types.values.geometry import LineSegment as LineSegment
    from ferrow.types.values.geometry import Path as Path
    from ferrow.types.values.geometry import Point as Point
    from ferrow.types.values.geometry import Polygon as Polygon
    from ferrow.types.values.interval import Interval as Interval
    from ferrow.types.values.range import Range as Range
    from ferrow.types.values.sparsevec import SparseVector as SparseVector

# Values of types that few programs use are imported when they are.
_HOME = {
    "Codec": "codec",
    "register_codec": "codec",
    "unregister_codec": "codec",
    "Array": "values.array",
    "Box": "values.geometry",
    "Circle": "values.geometry",
    "Enum": "enum",
    "Interval": "values.interval",
    "Line": "values.geometry",
    "LineSegment": "values.geometry",
    "Path": "values.geometry",
    "Point": "values.geometry",
    "Polygon": "values.geometry",
    "Range": "values.range",
    "SparseVector": "values.sparsevec",
    "TextEnum": "enum",
}

__all__ = [
    "Array",
    "BigInteger",
    "Boolean",
    "Box",
    "Bytes",
    "Circle",
    "Codec",
    "Date",
    "Double",
    "Duration",
    "Enum",
    "Integer",
    "Interval",
    "Json",
    "Line",
    "LineSegment",
    "ListOf",
    "Numeric",
    "Path",
    "PlainJson",
    "Point",
    "Polygon",
    "Range",
    "Real",
    "SQLType",
    "SmallInteger",
    "SparseVector",
    "String",
    "Text",
    "TextEnum",
    "Time",
    "Timestamp",
    "TimestampTz",
    "Uuid",
    "infer",
    "infer_value",
    "register_codec",
    "unregister_codec",
]

if not TYPE_CHECKING:
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
