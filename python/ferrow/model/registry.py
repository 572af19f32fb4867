"""Declared models by module and name, for names in annotations that Python itself cannot look up yet.

Held weakly: a model that is redefined (a notebook cell run twice) replaces its former self, and a forgotten one goes away.
"""

from __future__ import annotations

import re
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING
from weakref import WeakSet, ref

from ferrow import hints
from ferrow.errors import ModelError

if TYPE_CHECKING:
    from ferrow.model.table import Table

_BY_NAME: dict[str, dict[tuple[str, str], ref[type]]] = {}
_BOUND: WeakSet[type] = WeakSet()
_WORD = re.compile(r"\w+")


def register(cls: type) -> None:
    """Remember `cls` under its name; the same module and qualified name replaces, others stand beside it."""
    _BY_NAME.setdefault(cls.__name__, {})[cls.__module__, cls.__qualname__] = ref(cls)


def neighbours(owner: type, name: str) -> type | None:
    """Find the model called `name` that was declared in the same function as `owner`, if it was declared in one."""
    around, found, _ = owner.__qualname__.rpartition(".<locals>.")
    reference = _BY_NAME.get(name, {}).get((owner.__module__, f"{around}.<locals>.{name}")) if found else None
    return reference() if reference is not None else None


def anywhere(name: str) -> list[type]:
    """All living models called `name`, whatever their module."""
    return [cls for reference in _BY_NAME.get(name, {}).values() if (cls := reference()) is not None]


def everyone() -> list[type]:
    """All living models that have a table."""
    found = [cls for group in list(_BY_NAME.values()) for one in list(group.values()) if (cls := one()) is not None]
    return [cls for cls in (*found, *_BOUND) if not cls.__dict__.get("__abstract__", False)]


def bound(cls: type) -> None:
    """Remember a dataclass or Pydantic model, which is known from its first use on only."""
    _BOUND.add(cls)


def _table_of(table: str, schema: str | None) -> str | None:
    """The name of the model of a table, among those that were used."""
    for cls in everyone():
        binding = cls.__dict__.get("__ferrow_binding__")
        if binding is not None and binding.table.name == table and schema in (None, binding.table.schema):
            name: str = cls.__name__
            return name
    return None


def _with(column: str, query: str) -> str | None:
    """The name of a model that has this column and whose table the SQL mentions, among those that were used."""
    words = set(_WORD.findall(query))
    for cls in everyone():
        binding = cls.__dict__.get("__ferrow_binding__")
        if (
            binding is not None
            and column in binding.table.by_name
            and words.issuperset(_WORD.findall(binding.table.name))
        ):
            name: str = cls.__name__
            return name
    return None


def _junction(table: str) -> str | None:
    """What to say if a junction table is missing of which only a relation knows."""
    if _is_declared(table):
        return None  # by a model that was not used yet
    for found in _tables():
        for relation in found.relations.values():
            if isinstance(relation.secondary, str) and relation.secondary.rpartition(".")[2] == table:
                return (
                    f"{relation.label} has secondary={table!r}, a table that no model declares, so create_all() does not make it. {_near(table)}"
                    "Declare the junction as a model with a foreign key to each side, and give its class: relationship(secondary=...)."
                )
    return None


def _is_declared(table: str) -> bool:
    from ferrow.model.naming import table_name

    for cls in everyone():
        with suppress(ModelError):  # of a name that is none
            if table_name(cls) == table:
                return True
    return False


def _referred(table: str) -> str | None:
    """What to say if a table is missing of which only foreign keys know."""
    for found in _tables():
        for key in found.references:
            if key.model is None and key.table == table:
                attributes = " and ".join([f"{found.label}.{column}" for column in key.columns])
                return (
                    f"{attributes} refers to it by a foreign key, and no model that has been imported declares it. {_near(table)}Import the "
                    'module of its model, or give the class: ForeignKey((Model, "id")).'
                )
    return None


def _near(table: str) -> str:
    """The table of a model that may have been meant, as a question."""
    close = get_close_matches(table, sorted({one.name for one in _tables()} - {table}), n=1)
    return f"Did you mean {close[0]!r}? " if close else ""


def _tables() -> list[Table]:
    """Those of all models that were used."""
    bindings = [cls.__dict__.get("__ferrow_binding__") for cls in everyone()]
    return [binding.table for binding in bindings if binding is not None]


hints.model_of = _table_of
hints.junction_of = lambda table: _junction(table) or _referred(table)
hints.model_with = _with
