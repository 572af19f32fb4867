"""Values of JSON columns: dataclasses, Pydantic models and typed containers to plain documents and back."""

from __future__ import annotations

import datetime
import types
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

Converter = Callable[[Any], Any]

_PLAIN = frozenset({object, Any, dict, list, str, int, bool, float, types.NoneType})
_FROM_TEXT: dict[type, Converter] = {
    datetime.datetime: datetime.datetime.fromisoformat,
    datetime.date: datetime.date.fromisoformat,
    datetime.time: datetime.time.fromisoformat,
    Decimal: Decimal,
    UUID: UUID,
}
# JSON has no keys but text.
_KEYS: dict[Any, Converter] = {int: int, float: float, bool: "true".__eq__}


def encoder(python: Any) -> Converter | None:
    """What makes a plain document of a value annotated with `python`; None if it is one by its type."""
    return None if _is_plain(python) else plain


def _is_plain(python: Any) -> bool:
    if get_origin(python) is dict and get_args(python)[0] in _KEYS:
        return False
    if get_origin(python) in (dict, list):
        return all(map(_is_plain, get_args(python)))
    return python is Any or (isinstance(python, type) and python in _PLAIN)


def is_understood(python: Any) -> bool:
    """Whether `decoder` gives exactly what the annotation says, down to the last item."""
    origin = get_origin(python)
    if origin is Literal:
        return True
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(python) if member is not types.NoneType]
        return len(members) == 1 and is_understood(members[0])
    if origin in (dict, list, tuple, set, frozenset):
        return all(item is Ellipsis or is_understood(item) for item in get_args(python))
    if not isinstance(python, type):
        return python is Any
    return (
        python in _PLAIN
        or python in _FROM_TEXT
        or python in (tuple, set, frozenset)
        or issubclass(python, Enum)
        or hasattr(python, "__dataclass_fields__")
        or hasattr(python, "__pydantic_fields__")
    )


def plain(value: Any) -> Any:
    """The value as dict, list, str, number, bool or None, all the way down. Dates, decimals and UUIDs become text."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, dict):
        return {_name(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return plain(value.value)
    if hasattr(value, "__pydantic_fields__") and hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, round_trip=True)
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    return value


def _name(key: Any) -> Any:
    """A key as JSON has it, which is text and nothing else."""
    key = plain(key)
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key) if isinstance(key, (int, float)) else key


def decoder(python: Any, evaluated: Callable[[Any], Any]) -> Converter | None:
    """What makes a value annotated with `python` of a decoded document; None if the document is the value.

    `evaluated` turns a part of the annotation that is still text into its type.
    """
    python = evaluated(python)
    origin = get_origin(python)
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(python) if member is not types.NoneType]
        return _optional(decoder(members[0], evaluated)) if len(members) == 1 else None
    if origin is Literal or python in _PLAIN:
        return None
    if origin is dict:
        return _mapping(*(decoder(argument, evaluated) for argument in get_args(python)), key_type=get_args(python)[0])
    if (origin or python) in (list, tuple, set, frozenset):
        return _sequence(origin or python, get_args(python), evaluated)
    if python in _FROM_TEXT:
        return _FROM_TEXT[python]
    if not isinstance(python, type):
        return None
    if issubclass(python, Enum):
        return python
    if hasattr(python, "__pydantic_fields__") and hasattr(python, "model_validate"):
        validate: Converter = python.model_validate
        return validate
    if hasattr(python, "__dataclass_fields__"):
        return _record(python)
    return None


def _optional(inner: Converter | None) -> Converter | None:
    if inner is None:
        return None
    return lambda value: None if value is None else inner(value)


def _sequence(made: Any, arguments: tuple[Any, ...], evaluated: Callable[[Any], Any]) -> Converter | None:
    if made is tuple and arguments and arguments[-1] is not Ellipsis:
        each = [decoder(argument, evaluated) for argument in arguments]
        return lambda value: tuple(inner(item) if inner else item for inner, item in zip(each, value, strict=True))
    inner = decoder(arguments[0], evaluated) if arguments else None
    if inner is None:
        return None if made is list else made
    return lambda value: made([inner(item) for item in value])


def _mapping(key: Converter | None, value: Converter | None, *, key_type: Any) -> Converter | None:
    key = _KEYS.get(key_type, key)
    if key is None and value is None:
        return None
    return lambda document: {
        (key(name) if key else name): (value(item) if value else item) for name, item in document.items()
    }


def _field_names(cls: type) -> tuple[str, ...]:
    from dataclasses import fields

    return tuple(field.name for field in fields(cls))


def _record(cls: type) -> Converter:
    from dataclasses import fields

    from ferrow.model.annotation import Annotation
    from ferrow.model.owner import owner_of

    # Found on first use: a record may contain itself.
    known: dict[str, Converter | None] = {}

    def build(document: dict[str, Any]) -> Any:
        if not known:
            for field in fields(cls):
                annotation = Annotation(owner_of(cls, field.name), field.name, field.type)
                known[field.name] = _optional(decoder(annotation.complete().python, annotation.evaluated))
        values = {}
        for name, convert in known.items():
            if name in document:
                values[name] = convert(document[name]) if convert else document[name]
        return cls(**values)

    return build
