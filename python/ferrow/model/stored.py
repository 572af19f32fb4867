"""Values of expressions: a database that declares types for columns only gives those as it stores them."""

from __future__ import annotations

from decimal import Decimal
from types import UnionType
from typing import TYPE_CHECKING, Any, get_origin

from ferrow._core import Kinds, Shape, sqlite_result
from ferrow.errors import DataError

if TYPE_CHECKING:
    from ferrow.model.column import Column

_TEXTS = frozenset({"bool", "date", "time", "timestamp", "timestamptz", "uuid", "decimal", "json"})
# A class for results seldom says timezone=True, and PostgreSQL gives what there is.
_ELSE = {"timestamp": ("timestamptz",)}


def read(column: Column, value: Any) -> Any:
    """Return what `value` stands for where the type of `column` is asked for, or `value` itself where that says nothing.

    SQLite has texts and numbers for all that it has no type for, MariaDB whole numbers for booleans, and every database sums
    whole numbers to decimals sooner or later. What would lose digits, a float for a Decimal, is left as it is.
    """
    kind = column.type.kind
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
    """Whether a text must be that of a document, as the attribute has values of another class."""
    cls = get_origin(column.python) or column.python
    return (
        isinstance(value, str) and isinstance(cls, type) and cls not in (object, UnionType) and not issubclass(cls, str)
    )
