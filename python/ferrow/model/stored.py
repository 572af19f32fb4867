"""Values of expressions: a database that declares types for columns only gives those as it stores them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin
from uuid import UUID

from ferrow._core import Kinds, Shape, sqlite_result
from ferrow.errors import DataError
from ferrow.model.document import plain

if TYPE_CHECKING:
    from ferrow.model.column import Column

_TEXTS = frozenset({"bool", "date", "time", "timestamp", "timestamptz", "uuid", "decimal", "json"})
# A class for results seldom says timezone=True, and PostgreSQL gives what there is.
_ELSE = {"timestamp": ("timestamptz",)}
_NUMBERS = (int, float, Decimal)
_AS_TEXT = (datetime.date, datetime.time, Decimal, UUID)
"""What a document has as a text."""


def read(column: Column, value: Any) -> Any:
    """Return what `value` stands for where the type of `column` is asked for, or `value` itself where that says nothing.

    SQLite has texts and numbers for all that it has no type for, MariaDB whole numbers for booleans and booleans for
    small numbers, and every database sums whole numbers to decimals sooner or later. What would lose digits, a float for a Decimal, is left as it is.
    """
    kind = column.type.kind
    if isinstance(value, bool):
        return read(column, int(value)) if column.type.python in _NUMBERS else value
    if isinstance(value, Decimal):
        whole = column.type.python is int and value.is_finite() and value == value.to_integral_value()
        return int(value) if whole else value
    if kind not in _TEXTS or not isinstance(value, (str, int)):
        return value
    for tried in (kind, *_ELSE.get(kind, ())):
        try:
            return sqlite_result([(value,)], Shape.column(0, Kinds([tried])), (column.key,)).rows[0]
        except DataError:
            pass
    return value


def is_encoded(column: Column, value: Any) -> bool:
    """Whether a text must be that of a document: it is none that the attribute can have, nor the document of one."""
    return isinstance(value, str) and not _may_be(column.python, value)


def _may_be(python: Any, text: str) -> bool:
    origin = get_origin(python)
    if origin in (Union, UnionType):
        return any(_may_be(member, text) for member in get_args(python))
    cls = origin or python
    if not isinstance(cls, type) or cls in (object, Any) or issubclass(cls, str):
        return True
    if issubclass(cls, Enum):
        return any(plain(member) == text for member in cls)
    return issubclass(cls, _AS_TEXT) and not text.startswith('"')
