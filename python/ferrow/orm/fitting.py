"""Whether a Python value can belong to a column: said before anything is sent, naming the column instead of `$1`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ferrow.errors import DataError
from ferrow.errors.shown import shortened

if TYPE_CHECKING:
    from ferrow.model.column import Column

_TAKES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "text": (str,),
    "bytes": (bytes, bytearray, memoryview),
    "date": (date,),
    "time": (time,),
    "timestamp": (datetime,),
    "timestamptz": (datetime,),
    "uuid": (UUID, str),
    "decimal": (Decimal, int),
}
"""Python types per kind of column, the usual one first. Kinds that are not listed take anything."""

_LISTS = (list, tuple, set, frozenset)

# Subclasses that mean something else than what they derive from.
_NOT: dict[str, tuple[type, ...]] = {"int": (bool,), "float": (bool,), "decimal": (bool,), "date": (datetime,)}


def fits(column: Column, value: Any, *, compared: bool = False) -> None:
    """Check a value (not None) in the form the database gets it; a whole number may be `compared` with a fraction.

    Raises:
        DataError: the column takes values of another type.
    """
    kind = column.type.kind
    takes = _TAKES.get(kind) if not kind.startswith("list:") else _LISTS
    if takes is None or (isinstance(value, takes) and not isinstance(value, _NOT.get(kind, ()))):
        return
    if compared and kind == "int" and isinstance(value, (float, Decimal)):
        return
    names = " or ".join([cls.__name__ for cls in takes])
    msg = f"{named(column)} takes {names}, not {type(value).__name__} {shortened(value)}"
    raise DataError(msg)


def encoded(column: Column, value: Any) -> Any:
    """The value as the database gets it, checked; None stays None.

    Raises:
        DataError: it is not a value of this column.
    """
    if value is None:
        return None
    encode = column.encode
    if encode is not None:
        try:
            value = encode(value)
        except (TypeError, ValueError) as error:
            msg = f"{named(column)} cannot hold {shortened(value)}: {error}"
            raise DataError(msg) from error
    fits(column, value)
    return value


def explained(error: DataError, columns: Sequence[Column]) -> DataError:
    """The error of the core about its third parameter, about the third of `columns` instead. Others come back as they are."""
    number = error.parameter
    if number is None or not 0 < number <= len(columns):
        return error
    row = "" if error.row is None else f" of row {error.row}"
    about = DataError(f"{named(columns[number - 1])}{row}: {error.reason}")
    about.parameter, about.row, about.reason = number, error.row, error.reason
    return about


def named(column: Column) -> str:
    """Class and attribute: `User.age`."""
    return f"{column.table.label}.{column.key}"
