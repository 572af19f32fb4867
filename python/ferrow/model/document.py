"""Values of JSON columns: what makes plain documents of dataclasses, Pydantic models and typed containers."""

from __future__ import annotations

import datetime
import types
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from ferrow.model.alias import meant
from ferrow.model.container import container

Converter = Callable[[Any], Any]

_PLAIN = frozenset({object, Any, dict, list, str, int, bool, float, types.NoneType})
_AS_TEXT = frozenset({datetime.datetime, datetime.date, datetime.time, Decimal, UUID})
_BY_NAME = (int, float, bool)  # as keys, which JSON has as texts
TEXTS = (str, bytes, bytearray, memoryview)
"""What is no sequence to JSON."""

_digits, _decimals = int.__repr__, float.__repr__  # whatever str() is of a class derived from them


def encoder(python: Any) -> Converter | None:
    """What makes a plain document of a value annotated with `python`; None if it is one by its type."""
    return None if _is_plain(python) else plain


def _is_plain(python: Any) -> bool:
    arguments = get_args(python)
    if get_origin(python) is dict and arguments and arguments[0] in _BY_NAME:
        return False
    if get_origin(python) in (dict, list):
        return all(map(_is_plain, arguments))
    return python is Any or (isinstance(python, type) and python in _PLAIN)


def is_understood(python: Any, evaluated: Converter, above: tuple[Any, ...] = ()) -> bool:
    """Whether `document_decoder` gives exactly what the annotation says, down to the last item. `above` is what it stands in."""
    python = evaluated(python)
    if (aliased := meant(python)) is not python:
        return python in above or is_understood(aliased, evaluated, (*above, python))
    origin = get_origin(python)
    if origin is Literal:
        return True
    held = container(python)
    if held is not None or origin in (Union, types.UnionType) or hasattr(origin, "__dataclass_fields__"):
        items = get_args(python) if held is None else held[1]
        return all(item is Ellipsis or is_understood(item, evaluated, above) for item in items)
    if not isinstance(python, type):
        return python is Any
    return (
        python in _PLAIN
        or python in _AS_TEXT
        or issubclass(python, Enum)
        or hasattr(python, "__dataclass_fields__")
        or hasattr(python, "__pydantic_fields__")
    )


def plain(value: Any) -> Any:
    """The value as dict, list, str, number, bool or None, all the way down. Dates, decimals and UUIDs become text."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, dict):
        made = {name_of(key): plain(item) for key, item in value.items()}
        if len(made) != len(value):
            raise _same(value)
        return made
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return plain(value.value)
    if hasattr(value, "__pydantic_fields__") and hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, round_trip=True)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in field_names(type(value))}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, Mapping):
        return plain(dict(value))
    if isinstance(value, (Sequence, AbstractSet)) and not isinstance(value, TEXTS):
        return [plain(item) for item in value]
    return value


def name_of(key: Any) -> Any:
    """A key as JSON has it, which is text and nothing else."""
    if type(key) is str:
        return key
    name = plain(key)
    if isinstance(name, bool):
        return "true" if name else "false"
    if isinstance(name, int):
        return _digits(name)
    if isinstance(name, float):
        return _decimals(name)
    return key if isinstance(name, (dict, list)) else name  # who writes JSON says that it is no key


def _same(value: dict[Any, Any]) -> ValueError:
    """The error about keys that JSON cannot tell apart, one of which would be lost."""
    names = [name_of(key) for key in value]
    twice = next(name for name, times in Counter(names).items() if times > 1)
    keys = [key for key, name in zip(value, names, strict=True) if name == twice]
    return ValueError(f"of the keys {keys} two are the same text in JSON: {twice!r}. Give them names that differ.")


def field_names(cls: type) -> tuple[str, ...]:
    """Those of a dataclass that a document has: not what belongs to the class."""
    from dataclasses import fields

    return tuple(field.name for field in fields(cls))
