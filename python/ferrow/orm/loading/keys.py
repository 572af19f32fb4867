"""Keys of objects as the database has them: what both sides of a relation are matched by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ferrow.model.writing import row_getter

if TYPE_CHECKING:
    from ferrow.model.column import Column

CHUNK = 5_000
"""Keys per statement. They are one parameter, so this bounds the size of a statement, not the number of its parameters."""

CHUNK_OF_SEVERAL = 128
"""The same for keys of several columns, each of whose values is a parameter."""


def reader(columns: tuple[Column, ...]) -> Callable[[Any], Any]:
    """What reads the key off an object: the value, or a tuple for several columns; None if a part of it is missing."""
    if len(columns) == 1 and columns[0].encode is None:
        found: Callable[[Any], Any] = attrgetter(columns[0].key)  # the common case, without a tuple around it
        if not is_uuid(columns[0]):
            return found
        return lambda instance: value if (value := found(instance)).__class__ is not str else as_uuid(value)
    row = row_getter(columns)
    if len(columns) == 1:
        return lambda instance: row(instance)[0]
    uuids = [is_uuid(column) for column in columns]

    def read(instance: Any) -> Any:
        values = row(instance)
        return None if None in values else values

    def read_uuids(instance: Any) -> Any:
        values = [as_uuid(value) if uuid else value for uuid, value in zip(uuids, row(instance), strict=True)]
        return None if None in values else tuple(values)

    return read_uuids if any(uuids) else read


def is_uuid(column: Column) -> bool:
    """Whether its values are UUIDs, for which the program may have given texts: they come back as UUIDs."""
    return column.type.kind == "uuid" and column.encode is None


def as_uuid(value: Any) -> Any:
    """A value of such a column as it comes back."""
    if not isinstance(value, str):
        return value
    try:
        return UUID(value)
    except ValueError:
        return value  # whoever sends it is told


def chunks(keys: Sequence[Any], columns: int) -> Iterator[list[Any]]:
    """Keys in pieces. Those of several columns are filled up to a power of two by the last one, for there to be few statements."""
    size = CHUNK if columns == 1 else CHUNK_OF_SEVERAL
    for start in range(0, len(keys), size):
        piece = list(keys[start : start + size])
        if columns > 1:
            wanted = 1
            while wanted < len(piece):
                wanted *= 2
            piece += piece[-1:] * (wanted - len(piece))
        yield piece
