"""One table per class, whichever face describes the class first.

Each face has its own convention for the tables of dataclasses and Pydantic models that do not say a name: sessions `users`,
repositories `user`. What a class refers to by its foreign keys is called by the same convention.
"""

from __future__ import annotations

from ferrow.errors import ModelError
from ferrow.model.binding import Binding, bind
from ferrow.model.naming import EXPLICIT, Convention, table_name
from ferrow.model.table import Table


def table_called(cls: type, convention: Convention) -> Table:
    """The table of a model, as `table_of` gives it, described by a face with this convention.

    Raises:
        ModelError: another face has described it under another name; or as `table_of`.
    """
    found: Binding | None = getattr(cls, "__dict__", {}).get("__ferrow_binding__")
    if found is None:
        found = bind(cls, convention)
        for key in found.table.references:
            if key.model is not None:
                table_called(key.model, convention)
    elif found.style != "declarative":
        name = table_name(cls, convention)
        if name != found.table.name:
            raise _otherwise(cls, found.table, name)
    return found.table


def usual(cls: type) -> None:
    """What sessions ask. Raises ModelError as `table_called`; what is no model somebody else finds out."""
    found: Binding | None = getattr(cls, "__dict__", {}).get("__ferrow_binding__")
    if found is not None and not found.usual:
        raise _otherwise(cls, found.table, table_name(cls))


def _otherwise(cls: type, table: Table, name: str) -> ModelError:
    if any(cls.__dict__.get(word) for word in EXPLICIT):
        return ModelError(
            f"{table.label} is the table {table.name!r} already, and its class says {name!r} since. Say that before the class is used."
        )
    return ModelError(
        f"{table.label} is the table {table.name!r} already, by the convention of what used it first, and would be {name!r} here. "
        f"Say which: __table__ = {name!r} in the class."
    )
