"""Objects that a foreign key leads to and that were not loaded: deleted softly, out of scope, or not asked for (`noload`).

The attribute is None then. Outside of a unit of work that must not be taken for the program's word that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_MARK = "__ferrow_hidden__"
_ever = False  # whether anything was marked so far: nearly always nothing has to be looked at


def hide(instance: Any, key: str) -> None:
    """The None in this relation says nothing of the row."""
    global _ever
    fields_set = getattr(instance, "__pydantic_fields_set__", None)
    if fields_set is not None:
        fields_set.discard(key)  # until the program sets it
        return
    if not hasattr(
        type(instance), "__dataclass_fields__"
    ):  # in a dataclass None may be its default, and says nothing anyway
        _ever = True
        values = instance.__dict__
        values[_MARK] = values.get(_MARK, frozenset()) | {key}


def hidden(instance: Any, key: str) -> bool:
    """Whether the None in a relation of a typed class says nothing of the row."""
    return key in getattr(instance, "__dict__", {}).get(_MARK, ())


def unhide(instances: Iterable[Any], key: str) -> None:
    """What the relation holds in these is what their rows say again."""
    if _ever:
        for instance in instances:
            if hidden(instance, key):
                instance.__dict__[_MARK] = instance.__dict__[_MARK] - {key}
