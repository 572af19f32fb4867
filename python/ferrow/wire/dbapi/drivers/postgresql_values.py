"""Values for PostgreSQL as texts without a type, whose meaning the server finds as for our own driver; and what drivers read, by our rules."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from ferrow._core import Kinds, jsonb_text, sqlite_values
from ferrow.errors import DataError

Reader = Callable[[Any], Any]

_KINDS = {int: ("int", "any", "oid"), str: ("text", "any"), float: ("float", "any"), bool: ("bool", "any")}
_PLAIN = frozenset({"bool", "int", "oid", "float", "text", "date", "time", "timestamp", "any", "json"})
_INTEGERS = range(-(2**63), 2**63)
_LISTS = (list, tuple, set, frozenset)


def texts(params: Sequence[Any], kinds: Kinds | None) -> list[Any]:
    """The parameters of a statement. Raises DataError for one that does not fit its kind."""
    names = None if kinds is None else kinds.names
    found = []
    for place, value in enumerate(params):
        kind = "any" if names is None else names[place]
        try:
            found.append(text(value, kind))
        except DataError as error:
            reason = error.reason or str(error)
            placed = DataError(f"parameter {place + 1}: {reason}")
            placed.parameter, placed.reason = place + 1, reason
            raise placed from error.__cause__
    return found


def text(value: Any, kind: str) -> Any:
    """One value; what only the driver knows is left to it."""
    if value is None:
        return None
    known = _KINDS.get(type(value))
    if known is not None and kind in known:
        if type(value) is str:
            if "\0" in value:
                raise DataError("a text with a NUL character cannot be stored in PostgreSQL")
            return value
        if type(value) is int and value not in _INTEGERS and kind != "any":
            raise DataError("the int is outside the range of bigint, -2**63 to 2**63-1; a decimal column can hold it")
        return ("t" if value else "f") if type(value) is bool else repr(value)
    if kind.startswith("list:") or (kind == "any" and isinstance(value, _LISTS)):
        return _array(value, kind.partition(":")[2] or "any")
    if kind == "any" and not isinstance(value, _KNOWN):
        return value
    stored = sqlite_values((value,), _kinds(kind))[0]
    if isinstance(stored, bytes):
        return f"\\x{stored.hex()}"
    if kind == "json" or isinstance(value, dict):
        return jsonb_text(stored)
    return stored if isinstance(stored, str) else repr(stored)


_KNOWN = (dict, bytes, bytearray, memoryview, decimal.Decimal, datetime.date, datetime.time, uuid.UUID, int, float, str)


@cache
def _kinds(kind: str) -> Kinds:
    return Kinds((kind,))


def _array(value: Any, item: str) -> str:
    if not isinstance(value, _LISTS):
        raise DataError(f"expected list, got {type(value).__name__}: use a list, tuple or set")
    return "{" + ",".join([_element(element, item) for element in value]) + "}"


def _element(value: Any, item: str) -> str:
    if value is None:
        return "NULL"
    if item == "any" and isinstance(value, _LISTS):
        return _array(value, item)
    written = str(text(value, item)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{written}"'


# --- reading ---------------------------------------------------------------------------------------------------------


@cache
def readers(names: tuple[str, ...]) -> list[Reader | None] | None:
    """What makes of a driver's values what our own would give, by the kinds of the columns; None if they are that."""
    found = [_reader(name) for name in names]
    return found if any(found) else None


def _reader(kind: str) -> Reader | None:
    if kind.startswith("list:"):
        return _list_reader(kind[5:])
    return None if kind in _PLAIN else _READERS[kind]


def _list_reader(item: str) -> Reader:
    reader = _reader(item)

    def read_list(value: Any) -> Any:
        if isinstance(value, str):
            value = _parsed(value)
        if reader is None:
            return value
        return [None if element is None else reader(element) for element in value]

    return read_list


def _parsed(literal: str) -> list[str | None]:
    """The elements of an array that a driver has left as it came: of simple texts, such as UUIDs."""
    inner = literal.strip("{}")
    return [None if part == "NULL" else part.strip('"') for part in inner.split(",")] if inner else []


def _moment(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC) if value.tzinfo is not None else value.replace(tzinfo=datetime.UTC)
    return value


def _decimal(value: Any) -> Any:
    return value if isinstance(value, decimal.Decimal) else decimal.Decimal(str(value))


def _uuid(value: Any) -> Any:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


_READERS: dict[str, Reader] = {"timestamptz": _moment, "decimal": _decimal, "uuid": _uuid, "bytes": bytes}
