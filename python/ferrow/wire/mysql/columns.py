"""What the server's texts become: by the kinds that a query promises, or else by what the server says of its columns."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from ferrow.errors import DataError
from ferrow.wire.mysql import codes

Reader = Callable[[Any], Any]

_UTC = datetime.UTC


def readers(fields: Sequence[Any], kinds: Sequence[str] | None) -> list[Reader | None]:
    """For each column what makes a value of its text, None where that is the value."""
    if kinds is not None and len(kinds) == len(fields):
        return [_by_kind(kind, field) for kind, field in zip(kinds, fields, strict=True)]
    return [_by_field(field) for field in fields]


def rows(
    found: Sequence[tuple[Any, ...]], made: Sequence[Reader | None], names: Sequence[str]
) -> list[tuple[Any, ...]]:
    """The rows with their values. Raises DataError for one that its column's reader cannot read."""
    if not any(made):
        return list(found)
    try:
        return [
            tuple(
                [value if read is None or value is None else read(value) for value, read in zip(row, made, strict=True)]
            )
            for row in found
        ]
    except _UNREADABLE as error:
        raise _unreadable(found, made, names, error) from error


_UNREADABLE = (ValueError, ArithmeticError, TypeError, AttributeError, RecursionError)
_SHOWN = 60  # characters of a value in an error


def _unreadable(
    found: Sequence[tuple[Any, ...]], made: Sequence[Reader | None], names: Sequence[str], error: Exception
) -> DataError:
    """The error that names the column; where it was is found by reading once more."""
    for row in found:
        for value, read, name in zip(row, made, names, strict=True):
            try:
                if read is not None and value is not None:
                    read(value)
            except _UNREADABLE:
                shown = repr(value)
                if len(shown) > _SHOWN:
                    shown = f"{shown[:_SHOWN]}..."
                return DataError(
                    f"column {name!r}: the value {shown} cannot be read as what the query says it is; repair it, or select it as text"
                )
    return DataError(f"a value cannot be read: {error}")


def _by_kind(kind: str, field: Any) -> Reader | None:
    if kind == "any":
        return _by_field(field)
    if kind.startswith("list:"):
        item = kind[5:]
        return _list if item in _PLAIN else _list_of(_hex if item == "bytes" else _READERS[item])
    if kind == "decimal":
        return _unlimited if field.scale == 30 else decimal.Decimal
    return _READERS[kind]


def _by_field(field: Any) -> Reader | None:
    code = field.type_code
    if code == codes.TINY and field.length == 1:
        return _flag
    if code == codes.NEWDECIMAL and field.scale == 30:
        return _unlimited
    return _BY_CODE.get(code)


def _bool(value: str | bytes) -> bool:
    if value in _FALSE:
        return False
    if value in _TRUE:
        return True
    raise ValueError("neither true nor false")


_FALSE = ("0", "", b"\x00")
_TRUE = ("1", b"\x01")


def _flag(value: str) -> bool | int:
    """Of a tinyint(1), which is a bool to most, and to some a small number."""
    return value == "1" if value in ("0", "1") else int(value)


def _unlimited(value: str) -> decimal.Decimal:
    """Of a column that was declared without limits: the server fills it up with zeros, which nobody has written."""
    whole, point, fraction = value.partition(".")
    fraction = fraction.rstrip("0")
    return decimal.Decimal(f"{whole}.{fraction}" if point and fraction else whole)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _in_a_day(value: str) -> datetime.time | None:
    try:
        # Python 3.14 takes 24:00:00 for midnight.
        return None if value.startswith("24") else datetime.time.fromisoformat(value)
    except ValueError:
        return None


def _time(value: str) -> datetime.time:
    found = _in_a_day(value)
    if found is None:
        raise DataError(f"the time {value!r} is outside a day, which Python's time cannot say; select it as text")
    return found


def _clock(value: str) -> Any:
    """Of a column that may hold more than a day: a time if it is one, else how long that is."""
    found = _in_a_day(value)
    if found is not None:
        return found
    hours, minutes, seconds = value.lstrip("-").split(":")
    length = datetime.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return -length if value.startswith("-") else length


def _moment(value: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        raise DataError(f"the moment {value!r} is none that Python's datetime can say; select it as text") from None


def _instant(value: str) -> datetime.datetime:
    return _moment(value).replace(tzinfo=_UTC)


def _date(value: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(value[:10])
    except ValueError:
        raise DataError(f"the day {value!r} is none that Python's date can say; select it as text") from None


def _uuid(value: Any) -> uuid.UUID:
    return uuid.UUID(bytes=value) if isinstance(value, bytes) and len(value) == 16 else uuid.UUID(_text(value))


def _list(value: Any) -> Any:
    return json.loads(value)


def _list_of(item: Reader) -> Reader:
    return lambda value: [None if element is None else item(str(element)) for element in json.loads(value)]


def _hex(value: str) -> bytes:
    return bytes.fromhex(value)


def _length(value: Any) -> datetime.timedelta:
    """Of microseconds; a sum of them comes as a decimal without a fraction."""
    return datetime.timedelta(microseconds=int(value))


_PLAIN = ("bool", "int", "float", "text", "json", "any")

_READERS: dict[str, Reader] = {
    "bool": _bool,
    "int": int,
    "oid": int,
    "float": float,
    "decimal": decimal.Decimal,
    "text": _text,
    "bytes": _bytes,
    "date": _date,
    "time": _time,
    "timestamp": _moment,
    "timestamptz": _instant,
    "interval": _length,
    "uuid": _uuid,
    "json": json.loads,
}

_BY_CODE: dict[int, Reader] = {
    codes.TINY: int,
    codes.SHORT: int,
    codes.INT24: int,
    codes.LONG: int,
    codes.LONGLONG: int,
    codes.YEAR: int,
    codes.FLOAT: float,
    codes.DOUBLE: float,
    codes.DECIMAL: decimal.Decimal,
    codes.NEWDECIMAL: decimal.Decimal,
    codes.DATE: _date,
    codes.TIME: _clock,
    codes.DATETIME: _moment,
    codes.TIMESTAMP: _instant,
    codes.JSON: json.loads,
}
