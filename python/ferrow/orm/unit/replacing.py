"""New rows that take the place of deleted ones: the same key, or a value that must be unique."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.model import table_of

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.orm.unit.unit import Unit

Names = tuple[str, ...]


def replaces(unit: Unit) -> bool:
    """Whether a row to insert needs the place of one to delete. Then that is deleted first; usually it goes last, as others refer to it."""
    going: dict[type, list[Any]] = {}
    for one in unit.removed.values():
        going.setdefault(type(one), []).append(one)
    coming: dict[type, list[Any]] = {}
    for one in unit.added.values():
        if type(one) in going:
            coming.setdefault(type(one), []).append(one)
    return any(
        not {*_values(coming[model], names)}.isdisjoint(_values(going[model], names))
        for model in coming
        for names in _unique(table_of(model))
    )


def _unique(table: Table) -> Iterator[Names]:
    if table.primary_key:
        yield tuple([column.key for column in table.primary_key])
    for column in table.columns:
        if column.unique or column.unique_index:
            yield (column.key,)
    for unique in table.uniques:
        yield unique.columns


def _values(instances: Sequence[Any], names: Names) -> Iterator[Any]:
    """What is there once only; NULL is not."""
    for one in instances:
        values = tuple([getattr(one, name, None) for name in names])
        if None not in values:
            yield values
