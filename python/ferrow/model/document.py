"""Values of JSON columns: dataclasses, Pydantic models and typed containers to plain documents and back."""

from __future__ import annotations

import datetime
import types
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from ferrow.errors import DataError, ModelError
from ferrow.model.alias import bare
from ferrow.model.unlike import at, each, keyed, listed, read_as, unlike

if TYPE_CHECKING:
    from ferrow.model.annotation import Annotation

Converter = Callable[[Any], Any]

_PLAIN = frozenset({object, Any, dict, list, str, int, bool, float, types.NoneType})
_FROM_TEXT: dict[type, Converter] = {
    datetime.datetime: read_as(datetime.datetime, datetime.datetime.fromisoformat),
    datetime.date: read_as(datetime.date, datetime.date.fromisoformat),
    datetime.time: read_as(datetime.time, datetime.time.fromisoformat),
    Decimal: read_as(Decimal),
    UUID: read_as(UUID),
}
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
    python = bare(python, evaluated)
    origin = get_origin(python)
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(python) if member is not types.NoneType]
        return _optional(decoder(members[0], evaluated)) if len(members) == 1 else None
    if origin is Literal or python in _PLAIN:
        return None
    if origin is dict:
        return _mapping(
            *(decoder(argument, evaluated) for argument in get_args(python)),
            key_type=bare(get_args(python)[0], evaluated),
        )
    if (origin or python) in (list, tuple, set, frozenset):
        return _sequence(origin or python, get_args(python), evaluated)
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
        return _record(python)
    if issubclass(python, tuple) and hasattr(python, "_fields"):
        return _named_tuple(python)
    if issubclass(python, dict) and hasattr(python, "__required_keys__"):
        return _typed_dict(python)
    return None


def _members(python: type[Enum]) -> Converter:
    """The member that a document's value means, which is not the member's own where JSON has no such value."""
    if all(plain(member.value) is member.value for member in python):
        return read_as(python)

    def member(document: Any) -> Any:
        return next((one for one in python if plain(one.value) == document), None) or python(document)

    return read_as(python, member)


def _optional(inner: Converter | None) -> Converter | None:
    if inner is None:
        return None
    return lambda value: None if value is None else inner(value)


def _sequence(made: Any, arguments: tuple[Any, ...], evaluated: Callable[[Any], Any]) -> Converter | None:
    if made is tuple and arguments and arguments[-1] is not Ellipsis:
        return _tuple([decoder(argument, evaluated) for argument in arguments])
    inner = decoder(arguments[0], evaluated) if arguments else None
    if inner is None:
        return None if made is list else read_as(made, lambda value: made(listed(value)))
    return lambda value: made(each(inner, value))


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


def _mapping(key: Converter | None, value: Converter | None, *, key_type: Any) -> Converter | None:
    key = _names(key_type) if isinstance(key_type, type) and issubclass(key_type, Enum) else _KEYS.get(key_type, key)
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


def _record(cls: type) -> Converter:
    from dataclasses import fields

    declared = fields(cls)
    parts = _Parts(cls, {field.name: field.type for field in declared})
    late = frozenset([field.name for field in declared if not field.init])

    def build(document: dict[str, Any]) -> Any:
        values = parts.converted(document)
        made = cls(**{name: value for name, value in values.items() if name not in late})
        for name in late & values.keys():
            object.__setattr__(made, name, values[name])
        return made

    return build


def _named_tuple(cls: Any) -> Converter:
    names: tuple[str, ...] = cls._fields
    parts = _Parts(cls, dict.fromkeys(names, Any) | _annotations(cls, names))

    def build(document: list[Any]) -> Any:
        return cls(**parts.converted(dict(zip(names, listed(document, cls.__name__), strict=False))))

    return build


def _typed_dict(cls: Any) -> Converter:
    from ferrow.model.owner import own_annotations

    parts = _Parts(cls, own_annotations(cls))
    return lambda document: keyed(document, cls.__name__) | parts.converted(document)


def _annotations(cls: type, names: Iterable[str]) -> dict[str, Any]:
    from ferrow.model.owner import own_annotations, owner_of

    owners = {name: own_annotations(owner_of(cls, name)) for name in names}
    return {name: found[name] for name, found in owners.items() if name in found}


class _Parts:
    """What becomes of the values of a record's attributes. Found on first use: a record may contain itself."""

    __slots__ = ("_annotations", "_cls", "_known")

    def __init__(self, cls: type, annotations: Mapping[str, Any]) -> None:
        self._cls = cls
        self._annotations = annotations
        self._known: dict[str, Converter | None] | None = None

    def converted(self, document: Any) -> dict[str, Any]:
        """The values of those attributes that the document has. Raises DataError for what is no document, or of another type."""
        keyed(document, self._cls.__name__)
        known = self._known
        if known is None:
            known = self._known = {name: self._found(name, raw) for name, raw in self._annotations.items()}
        made: dict[str, Any] = {}
        name = ""
        try:
            for name, convert in known.items():
                if name in document:
                    made[name] = convert(document[name]) if convert is not None else document[name]
        except DataError as error:
            raise at(error, name) from error.__cause__
        return made

    def _found(self, name: str, raw: Any) -> Converter | None:
        from ferrow.model.annotation import Annotation
        from ferrow.model.owner import owner_of

        annotation = Annotation(owner_of(self._cls, name), name, raw)
        if not issubclass(self._cls, dict):
            return _optional(decoder(annotation.complete().python, annotation.evaluated))
        found = annotation.resolve()
        return None if found.unknown else _optional(decoder(found.python, _as_far_as_known(annotation)))


def _as_far_as_known(annotation: Annotation) -> Callable[[Any], Any]:
    # The values of a TypedDict can stay as they are: there is no class to be made of them.
    def evaluated(part: Any) -> Any:
        try:
            return annotation.evaluated(part)
        except ModelError:
            return Any

    return evaluated
