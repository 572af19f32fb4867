"""Values that were read and are not of the type they are annotated with: errors that say which, and where in a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, shown

if TYPE_CHECKING:
    from ferrow.model.column import Column

_LONGEST = 60
_AT = "at ["


def read_as(python: type, read: Callable[[Any], Any] | None = None) -> Callable[[Any], Any]:
    """What makes a `python` of a plain value, by `read` where that is not the class itself. Raises DataError for one that is none."""
    made = python if read is None else read

    def convert(value: Any) -> Any:
        try:
            return made(value)
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise unlike(python.__name__, value) from error

    return convert


def unlike(expected: str, value: Any) -> DataError:
    """The error about a value that is something else."""
    return DataError(f"expected {expected}, got {type(value).__name__} {shortened(value)}")


def shortened(value: Any) -> str:
    """The value as errors show it."""
    text = shown(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def each(inner: Callable[[Any], Any], items: Any) -> list[Any]:
    """The items of a list, each converted."""
    made: list[Any] = []
    listed(items)
    try:
        for item in items:
            made.append(inner(item))
    except DataError as error:
        raise at(error, len(made)) from error.__cause__
    return made


def listed(value: Any, expected: str = "list") -> Any:
    """What is a list. Raises DataError."""
    if not isinstance(value, (list, tuple)):
        raise unlike(expected, value)
    return value


def keyed(value: Any, expected: str = "dict") -> Any:
    """What has keys. Raises DataError."""
    if not isinstance(value, dict):
        raise unlike(expected, value)
    return value


def decoded(column: Column, value: Any) -> Any:
    """The value as the attribute has it. Raises DataError, which names the column."""
    assert column.decode is not None
    try:
        return column.decode(value)
    except DataError as error:
        raise of_column(column, error) from error.__cause__


def of_column(column: Column, error: DataError) -> DataError:
    """The same error about a column's value."""
    named = DataError(f"column {column.table.label}.{column.key}: {_said(error)}")
    named.column = column.key
    return named


def at(error: DataError, step: object) -> DataError:
    """The same error about a part of a document: `at ['owner'][0]: ...`."""
    said = _said(error)
    rest = said[len(_AT) - 1 :] if said.startswith(_AT) else f": {said}"
    return DataError(f"{_AT}{step!r}]{rest}")


def _said(error: DataError) -> str:
    return str(error.args[0]) if error.args else ""
