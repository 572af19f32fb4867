"""Values of JSON columns: dataclasses, Pydantic models and typed containers to plain documents and back."""

from __future__ import annotations

import datetime
import types
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from ferrow.errors import DataError
from ferrow.model import document_record
from ferrow.model.alias import bare
from ferrow.model.container import container
from ferrow.model.unlike import at, each, keyed, listed, read_as, unlike

Converter = Callable[[Any], Any]

_PLAIN = frozenset({object, Any, dict, list, str, int, bool, float, types.NoneType})
_FROM_TEXT: dict[type, Converter] = {
    datetime.datetime: read_as(datetime.datetime, datetime.datetime.fromisoformat),
    datetime.date: read_as(datetime.date, datetime.date.fromisoformat),
    datetime.time: read_as(datetime.time, datetime.time.fromisoformat),
    Decimal: read_as(Decimal),
    UUID: read_as(UUID),
}
_TEXTS = (str, bytes, bytearray, memoryview)  # although they are sequences
# JSON has no keys but text.
_KEYS: dict[Any, Converter] = {
    int: read_as(int),
    float: read_as(float),
    bool: read_as(bool, lambda name: ("false", "true").index(name) == 1),
}


def encoder(python: Any) -> Converter | None:
    """What makes a plain document of a value annotated with `python`; None if it is one by its type."""
    return None if _is_plain(python) else plain


def _is_plain(python: Any) -> bool:
    arguments = get_args(python)
    if get_origin(python) is dict and arguments and arguments[0] in _KEYS:
        return False
    if get_origin(python) in (dict, list):
        return all(map(_is_plain, arguments))
    return python is Any or (isinstance(python, type) and python in _PLAIN)


def is_understood(python: Any) -> bool:
    """Whether `decoder` gives exactly what the annotation says, down to the last item."""
    origin = get_origin(python)
    if origin is Literal:
        return True
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(python) if member is not types.NoneType]
        return len(members) == 1 and is_understood(members[0])
    if (held := container(python)) is not None:
        return all(item is Ellipsis or is_understood(item) for item in held[1])
    if not isinstance(python, type):
        return python is Any
    return (
        python in _PLAIN
        or python in _FROM_TEXT
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
    if isinstance(value, Mapping):
        return plain(dict(value))
    if isinstance(value, (Sequence, AbstractSet)) and not isinstance(value, _TEXTS):
        return [plain(item) for item in value]
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
    python = bare(python, evaluated)
    origin = get_origin(python)
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(python) if member is not types.NoneType]
        return optional(decoder(members[0], evaluated)) if len(members) == 1 else None
    if origin is Literal or python in _PLAIN:
        return None
    if (held := container(python)) is not None:
        return (_mapping if issubclass(held[0], dict) else _sequence)(*held, evaluated)
    if python in _FROM_TEXT:
        return _FROM_TEXT[python]
    if not isinstance(python, type):
        return None
    if issubclass(python, Enum):
        return _members(python)
    if hasattr(python, "__pydantic_fields__") and hasattr(python, "model_validate"):
        validate: Converter = python.model_validate
        return validate
    if hasattr(python, "__dataclass_fields__"):
        return document_record.of_dataclass(python)
    if issubclass(python, tuple) and hasattr(python, "_fields"):
        return document_record.of_named_tuple(python)
    if issubclass(python, dict) and hasattr(python, "__required_keys__"):
        return document_record.of_typed_dict(python)
    return None


def _members(python: type[Enum]) -> Converter:
    """The member that a document's value means, which is not the member's own where JSON has no such value."""
    if all(plain(member.value) is member.value for member in python):
        return read_as(python)

    def member(document: Any) -> Any:
        return next((one for one in python if plain(one.value) == document), None) or python(document)

    return read_as(python, member)


def optional(inner: Converter | None) -> Converter | None:
    """The same, and None is None."""
    if inner is None:
        return None
    return lambda value: None if value is None else inner(value)


def _sequence(made: type, arguments: tuple[Any, ...], evaluated: Callable[[Any], Any]) -> Converter | None:
    if made is tuple and arguments and arguments[-1] is not Ellipsis:
        return _tuple([decoder(argument, evaluated) for argument in arguments])
    inner = decoder(arguments[0], evaluated) if arguments else None
    if inner is None:
        return None if made is list else read_as(made, lambda value: made(listed(value)))
    if made is list:
        return lambda value: each(inner, value)
    whole = read_as(made)
    return lambda value: whole(each(inner, value))


def _tuple(parts: list[Converter | None]) -> Converter:
    expected = f"a list of {len(parts)}"

    def convert(value: Any) -> Any:
        if len(listed(value, expected)) != len(parts):
            raise unlike(expected, value)
        made: list[Any] = []
        try:
            for inner, item in zip(parts, value, strict=True):
                made.append(inner(item) if inner else item)
        except DataError as error:
            raise at(error, len(made)) from error.__cause__
        return tuple(made)

    return convert


def _mapping(made: type, arguments: tuple[Any, ...], evaluated: Callable[[Any], Any]) -> Converter | None:
    key, value = [bare(argument, evaluated) for argument in arguments] or [Any, Any]
    items = _items(key, value, evaluated)
    if made is dict:
        return items
    # What a defaultdict makes of nothing is no part of the document, but of the annotation.
    factory = value if isinstance(value, type) else get_origin(value)
    whole = read_as(made, (lambda found: made(factory, found)) if made is defaultdict else None)
    return lambda document: whole(items(document) if items else keyed(document))


def _items(key_type: Any, value_type: Any, evaluated: Callable[[Any], Any]) -> Converter | None:
    value = decoder(value_type, evaluated)
    if isinstance(key_type, type) and issubclass(key_type, Enum):
        key: Converter | None = _names(key_type)
    else:
        key = _KEYS.get(key_type, decoder(key_type, evaluated))
    if key is None and value is None:
        return None

    def convert(document: Any) -> Any:
        made: dict[Any, Any] = {}
        name = None
        try:
            for name, item in keyed(document).items():
                made[key(name) if key else name] = value(item) if value else item
        except DataError as error:
            if name is None:
                raise
            raise at(error, name) from error.__cause__
        return made

    return convert


def _names(python: type[Enum]) -> Converter:
    by_name = {_name(member): member for member in python}
    return read_as(python, lambda name: by_name[name] if name in by_name else python(name))


def _field_names(cls: type) -> tuple[str, ...]:
    from dataclasses import fields

    return tuple(field.name for field in fields(cls))
