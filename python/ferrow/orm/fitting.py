"""Whether a Python value can belong to a column: said before anything is sent, naming the column instead of `$1`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ferrow.errors import DataError

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

# Subclasses that mean something else than what they derive from.
_NOT: dict[str, tuple[type, ...]] = {"int": (bool,), "float": (bool,), "decimal": (bool,), "date": (datetime,)}


def fits(column: Column, value: Any, *, compared: bool = False) -> None:
    """Check a value (not None) in the form the database gets it; a whole number may be `compared` with a fraction.

    Raises:
        DataError: the column takes values of another type.
    """
    kind = column.type.kind
    takes = _TAKES.get(kind)
    if takes is None or (isinstance(value, takes) and not isinstance(value, _NOT.get(kind, ()))):
        return
    if compared and kind == "int" and isinstance(value, (float, Decimal)):
        return
    names = " or ".join([cls.__name__ for cls in takes])
    msg = f"{named(column)} takes {names}, not {type(value).__name__} {_shown(value)}"
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
            msg = f"{named(column)} cannot hold {_shown(value)}: {error}"
            raise DataError(msg) from error
    fits(column, value)
    return value


def explained(error: DataError, columns: Sequence[Column]) -> DataError:
    """The error of the core about `parameter $3`, about the third of `columns` instead. Others come back as they are."""
    found = _PARAMETER.search(text := str(error))
    if found is None or error.sqlstate is not None or not 0 < int(found[1]) <= len(columns):
        return error
    column = columns[int(found[1]) - 1]
    return DataError(f"{text[: found.start()]}{named(column)}{text[found.end() :]}")


# `parameter $3` on PostgreSQL, `parameter 3 (?3)` on SQLite.
_PARAMETER = re.compile(r"parameter \$?(\d+)(?: \([^)]*\))?")


def named(column: Column) -> str:
    """Class and attribute: `User.age`."""
    return f"{column.table.label}.{column.key}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
