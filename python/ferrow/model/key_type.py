"""Keys that refer to each other have one type: an `int` that refers to a 64-bit key is one of 64 bits, too.

MariaDB refuses a foreign key between two sizes, and elsewhere the greater half of the keys could not be referred to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.types import Integer

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.foreign_key import ForeignKey
    from ferrow.types import SQLType

_ASKED: set[int] = set()


def type_of_key(found: SQLType, key: ForeignKey, module: str) -> SQLType:
    """The type of a column that has this foreign key, where its annotation alone makes it `found`."""
    if found is not Integer() or id(key) in _ASKED:
        return found
    _ASKED.add(id(key))  # two keys may refer to each other
    try:
        target = _target(key, module)
        return target.type if target is not None and isinstance(target.type, Integer) else found
    finally:
        _ASKED.discard(id(key))


def _target(key: ForeignKey, module: str) -> Column | None:
    """The column referred to, if a model has it: the class that is named, else one that is known by now."""
    from ferrow.model.binding import Binding, is_model, table_of
    from ferrow.model.registry import everyone

    if key.model is not None:
        return table_of(key.model).by_key.get(key._column) if is_model(key.model) else None
    found = None
    for model in everyone():
        binding: Binding | None = model.__dict__.get("__ferrow_binding__")
        if binding is None or (binding.table.name, binding.table.schema) != (key.table, key.schema):
            continue
        column = binding.table.by_name.get(key.column)
        if column is not None and (found is None or model.__module__ == module):
            found = column
    return found
