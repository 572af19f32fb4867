"""From Python types and values to SQL types."""

from __future__ import annotations

import datetime
import decimal
import uuid
from types import UnionType
from typing import Any, Union, get_origin

from ferrow.types.base import SQLType
from ferrow.types.boolean import Boolean
from ferrow.types.bytes import Bytes
from ferrow.types.date import Date
from ferrow.types.float import Double
from ferrow.types.integer import BigInteger, Integer
from ferrow.types.json import Json
from ferrow.types.numeric import Numeric
from ferrow.types.text import Text
from ferrow.types.time import Time
from ferrow.types.timestamp import Timestamp
from ferrow.types.uuid import Uuid

_BY_PYTHON: dict[Any, SQLType] = {
    bool: Boolean(),
    int: Integer(),
    float: Double(),
    str: Text(),
    bytes: Bytes(),
    datetime.date: Date(),
    datetime.time: Time(),
    datetime.datetime: Timestamp(),
    uuid.UUID: Uuid(),
    decimal.Decimal: Numeric(),
    dict: Json(),
    list: Json(),
}


def named(python_type: Any) -> str:
    """What errors call a type."""
    # On Python 3.14 a union is called Union.
    union = get_origin(python_type) in (Union, UnionType)
    return (not union and getattr(python_type, "__qualname__", None)) or repr(python_type)


def infer(python_type: Any) -> SQLType:
    """Return the SQL type for an annotation without its `| None`: `int`, `Decimal`, `dict[str, Any]`, ...

    `int` is a 32-bit integer and `datetime` a timestamp without zone: where that is not meant, the column says so.

    Raises:
        TypeError: no type corresponds. Subclasses do not count, since values come back as the plain type.
    """
    found = _BY_PYTHON.get(get_origin(python_type) or python_type) if _hashable(python_type) else None
    if found is None:
        known = ", ".join(sorted({known.__name__ for known in _BY_PYTHON}))
        msg = f"no SQL type is known for the Python type {named(python_type)}; use one of {known}, or give the column an SQL type (ferrow.types) itself"
        raise TypeError(msg)
    return found


def infer_value(value: Any) -> SQLType:
    """Return the SQL type for a single value, wide enough for it: any `int` is a BigInteger, an aware `datetime` has a zone.

    Raises:
        TypeError: None, or a value of a type no SQL type is known for.
    """
    if isinstance(value, datetime.datetime):
        return Timestamp(timezone=value.tzinfo is not None)
    if isinstance(value, int) and not isinstance(value, bool):
        return BigInteger()
    return infer(type(value))


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
