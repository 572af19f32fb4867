"""Containers in annotations of documents: which class their values are made by, and what the values hold."""

from __future__ import annotations

from collections import Counter, deque
from collections import abc as abstract
from typing import Any, TypeAlias, get_args, get_origin

SEQUENCES = (list, tuple, set, frozenset, deque)
"""What is kept as a JSON array."""

Container: TypeAlias = tuple[type, tuple[Any, ...]]

# As Pydantic has it, so that the same annotation means the same in models of every style.
_MADE: dict[Any, type] = {
    abstract.Iterable: list,
    abstract.Collection: list,
    abstract.Sequence: list,
    abstract.MutableSequence: list,
    abstract.Set: frozenset,
    abstract.MutableSet: set,
    abstract.Mapping: dict,
    abstract.MutableMapping: dict,
}
_RECORDS = ("_fields", "__required_keys__", "__dataclass_fields__", "__pydantic_fields__")


def container(python: Any) -> Container | None:
    """The class that makes values annotated with `python`, and what stands in its brackets: two for a dict. None for what is no container.

    A class derived from a container says in its bases what it holds.
    """
    origin = get_origin(python) or python
    made = _MADE.get(origin, origin) if isinstance(origin, type) else None
    if made is None or not issubclass(made, (dict, *SEQUENCES)) or any(hasattr(made, name) for name in _RECORDS):
        return None
    arguments = get_args(python) or _inherited(made)
    if not issubclass(made, dict):
        return made, arguments
    if issubclass(made, Counter) and len(arguments) == 1:
        arguments = (*arguments, int)
    return made, arguments if len(arguments) == 2 else ()


def _inherited(made: type) -> tuple[Any, ...]:
    for base in getattr(made, "__orig_bases__", ()):
        if (found := container(base)) is not None:
            return found[1]
    return ()
