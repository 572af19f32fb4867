"""Values as literals of SQL: what PyMySQL sends has no parameters, so each value is written where its placeholder stood.

Nothing of a value can end its literal: texts are escaped for a session whose sql_mode is ours (see `session.py`), bytes are
hexadecimal, and everything else is written from its parts. How a subclass of these shows itself has no say in it.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import math
import re
import uuid
from collections.abc import Callable
from typing import Any

from ferrow._core import json_fault, text_fault
from ferrow.errors import DataError
from ferrow.wire.mysql.refused import wrong
from ferrow.wire.mysql.spans import length, span

_ESCAPES = {"\\": "\\\\", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\x1a": "\\Z", "'": "\\'", '"': '\\"'}
"""In this order: what escapes must not be escaped."""
_ESCAPED = re.compile(r"""[\0\n\r\x1a'"\\]""")
_AS_TEXT = {str: str.__str__, int: int.__repr__, decimal.Decimal: decimal.Decimal.__str__, uuid.UUID: uuid.UUID.__str__}
_INTEGERS = range(-(2**63), 2**64)  # BIGINT, and BIGINT UNSIGNED
_DIGITS = 65
_FRACTION = 30


def literal(value: Any, kind: str = "any") -> str:
    """The literal of a value of a kind (see `ferrow._core.Kinds`). Raises DataError for a value that does not fit."""
    return writer(kind)(value)


def writer(kind: str) -> Callable[[Any], str]:
    """What makes literals of values of a kind, as `literal` does."""
    if kind == "any":
        return _guessed
    if kind.startswith("list:"):
        return _or_null(lambda value: text(list_text(value, kind[5:])))
    return _NULLABLE[kind]


def _or_null(write: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "NULL" if value is None else write(value)


_LISTED = "JSON_COMPACT(JSON_NORMALIZE({}))"
"""A document in a list. Without JSON_COMPACT, which changes nothing, MariaDB before March 2026 crashes (MDEV-37640)."""


def listed(value: Any, kind: str, document: str = _LISTED) -> str:
    """The elements of a list in parentheses, for IN; `document` is what makes them comparable."""
    item = kind[5:] if kind.startswith("list:") else "any"
    texts = [literal(element, item) for element in elements(value)]
    if item == "json":  # documents are compared in the form that this gives them
        texts = [document.format(one) for one in texts]
    written = ", ".join(texts)
    return f"({written or 'SELECT NULL FROM DUAL WHERE FALSE'})"


def elements(value: Any) -> Any:
    """What is a list, tuple or set."""
    if not isinstance(value, list | tuple | set | frozenset):
        wrong(value, "a list", "use a list, tuple or set")
    return value


def text(value: Any) -> str:
    """A text in quotes."""
    if type(value) is not str:
        value = _texted(value)
    if not value.isascii() and (fault := text_fault(value)):
        raise DataError(fault)
    return f"'{_escaped(value)}'" if _ESCAPED.search(value) else f"'{value}'"


def _texted(value: Any) -> str:
    """The text that stands for a value of another class."""
    if isinstance(value, enum.Enum):
        value = value.value
    for kind, shown in _AS_TEXT.items():
        if isinstance(value, kind) and not isinstance(value, bool):
            return shown(value)
    wrong(value, "str")


def _escaped(value: str) -> str:
    for char, escape in _ESCAPES.items():  # several times as fast as `translate`
        if char in value:
            value = value.replace(char, escape)
    return value


def list_text(value: Any, item: str) -> str:
    """A list as a document, which is how columns of lists are kept: each element as its JSON, or else as its text."""
    return json.dumps([_element(element, item) for element in elements(value)], ensure_ascii=False, allow_nan=False)


def _element(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if isinstance(value, enum.Enum):
        value = value.value
    written = literal(value, kind)  # checks it
    if kind in ("bool", "int", "float", "json", "text"):
        return value
    if kind == "any":
        return value if isinstance(value, bool | int | float | str) else _bare(written)
    return _bare(written)


def _bare(written: str) -> str:
    return written.partition("'")[2][:-1] if written.endswith("'") else written


def document(value: Any) -> str:
    """A JSON text. NaN, infinity and keys that are no texts are refused, since they would come back as something else."""
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise DataError(f"cannot be written as JSON: {json_fault(value) or error}") from error
    if fault := json_fault(value):
        raise DataError(f"cannot be written as JSON: {fault}")
    return text(written)


def _bool(value: Any) -> str:
    if not isinstance(value, bool):
        wrong(value, "bool", "use True or False")
    return "TRUE" if value else "FALSE"


def _int(value: Any) -> str:
    if type(value) is not int:
        if isinstance(value, bool) or not isinstance(value, int):
            wrong(value, "int")
        value = int(value)  # a range goes through all its members to find one of a subclass (IntEnum)
    if value not in _INTEGERS:
        raise DataError(f"{value} does not fit 64 bits")
    return str(value)


def _float(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, float | int | decimal.Decimal):
        wrong(value, "float")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise DataError(f"MySQL has no {number}: its floats are finite")
    written = repr(number)
    return written if "e" in written else f"{written}e0"


def _decimal(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, decimal.Decimal | int | float):
        wrong(value, "Decimal", "use decimal.Decimal or int")
    number = decimal.Decimal(repr(float(value)) if isinstance(value, float) else value)
    if not number.is_finite():
        raise DataError(f"MySQL has no {number}: its decimals are finite")
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    fraction = max(0, -exponent)
    if max(len(digits) + max(0, exponent), fraction) > _DIGITS or fraction > _FRACTION:
        raise DataError(
            f"MySQL's decimals have at most {_DIGITS} digits, {_FRACTION} of them after the point: {number}"
        )
    return format(number, "f")


def _bytes(value: Any) -> str:
    if not isinstance(value, bytes | bytearray | memoryview):
        wrong(value, "bytes")
    return f"x'{bytes(value).hex()}'"


def _date(value: Any) -> str:
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        wrong(value, "date", "use datetime.date")
    return f"DATE'{datetime.date.isoformat(value)}'"


def _time(value: Any) -> str:
    if isinstance(value, datetime.timedelta):
        return span(value)
    if not isinstance(value, datetime.time):
        wrong(value, "time", "use datetime.time")
    if value.tzinfo is not None:
        raise DataError("a time with a time zone cannot be stored; use .replace(tzinfo=None) or a timestamptz column")
    return f"TIME'{datetime.time.isoformat(value, 'microseconds')}'"


def _timestamp(value: Any) -> str:
    if not isinstance(value, datetime.datetime):
        wrong(value, "datetime", "use datetime.datetime")
    if value.utcoffset() is not None:
        raise DataError(
            "an aware datetime does not fit a column without time zone; declare it with timezone=True or use "
            ".replace(tzinfo=None)"
        )
    return f"TIMESTAMP'{datetime.datetime.isoformat(value, ' ', 'microseconds')}'"


def _timestamptz(value: Any) -> str:
    if not isinstance(value, datetime.datetime):
        wrong(value, "datetime", "use datetime.datetime")
    if value.utcoffset() is None:
        raise DataError(
            "a naive datetime does not say which moment it is; give it a time zone, e.g. .replace(tzinfo=datetime.timezone.utc)"
        )
    try:
        return _timestamp(datetime.datetime.astimezone(value, datetime.UTC).replace(tzinfo=None))
    except OverflowError:
        raise DataError(f"{value!r} is outside the years 1 to 9999 in UTC") from None


def _uuid(value: Any) -> str:
    if isinstance(value, str):
        try:
            value = uuid.UUID(value)
        except ValueError:
            raise DataError(f"{value!r} is no UUID") from None
    if not isinstance(value, uuid.UUID):
        wrong(value, "UUID", "use uuid.UUID")
    return f"'{uuid.UUID.__str__(value)}'"


_WRITERS: dict[str, Callable[[Any], str]] = {
    "bool": _bool,
    "int": _int,
    "oid": _int,
    "float": _float,
    "decimal": _decimal,
    "text": text,
    "bytes": _bytes,
    "date": _date,
    "time": _time,
    "timestamp": _timestamp,
    "timestamptz": _timestamptz,
    "interval": length,
    "uuid": _uuid,
    "json": document,
}

_NULLABLE = {kind: _or_null(write) for kind, write in _WRITERS.items()}

# In this order: a bool is an int, and a datetime a date.
_BY_TYPE: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (bool, _bool),
    (int, _int),
    (float, _float),
    (str, text),
    ((bytes, bytearray, memoryview), _bytes),
    (decimal.Decimal, _decimal),
    (datetime.datetime, lambda value: _timestamp(value) if value.utcoffset() is None else _timestamptz(value)),
    (datetime.date, _date),
    ((datetime.time, datetime.timedelta), _time),
    (uuid.UUID, _uuid),
    ((dict, list, tuple), document),
)

_BY_CLASS: dict[type, Callable[[Any], str]] = {kind: write for kind, write in _BY_TYPE if isinstance(kind, type)}
_BY_CLASS[type(None)] = lambda _: "NULL"
"""The same of those that are no subclasses, which most are."""


def _guessed(value: Any) -> str:
    if (known := _BY_CLASS.get(type(value))) is not None:
        return known(value)
    for types, write in _BY_TYPE:
        if isinstance(value, types):
            return write(value)
    if isinstance(value, enum.Enum):
        return literal(value.value)
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    raise DataError(
        f"a value of type {name} cannot be a parameter; known: None, bool, int, float, Decimal, str, bytes, date, time, datetime, "
        "timedelta, UUID, dict and list (as JSON), Enum"
    )
