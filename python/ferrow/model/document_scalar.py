"""Parts of documents that are one value: what makes dates, decimals, enumerations, literals of texts and numbers."""

from __future__ import annotations

import datetime
import types
from decimal import Decimal
from enum import Enum, Flag
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from ferrow.model.care import Care, Converter, exact
from ferrow.model.document import name_of, plain
from ferrow.model.unlike import read_as, unlike

NATIVE: frozenset[type] = frozenset({dict, list, str, int, bool, float, types.NoneType})
"""What JSON has itself."""

_TAKES: dict[Any, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int, bool),
    float: (float, int, bool),
    types.NoneType: (types.NoneType,),
    dict: (dict,),
    list: (list, tuple),
}
# JSON has no keys but text.
_NAMES: dict[Any, Converter] = {
    int: read_as(int),
    float: read_as(float),
    bool: read_as(bool, lambda name: ("false", "true").index(name) == 1),
}
_ISO = (datetime.datetime, datetime.date, datetime.time)
_NUMBERS_AND_TEXTS = (str, int, float)
_ONE_VALUE = (*_NUMBERS_AND_TEXTS, *_ISO, Decimal, UUID, types.NoneType)


def scalar(python: type, care: Care) -> Converter | None:
    """What makes values of a class of JSON's numbers and texts; None for another class, or where nothing is to be done."""
    if python in NATIVE:
        return (
            None
            if care is Care.LOOSE
            else _of_class(python, _TAKES[python][:1] if care is Care.EXACT else _TAKES[python])
        )
    found = _scalar(python)
    return exact(found, plain) if found is not None and care is Care.EXACT else found


def is_one_value(python: type) -> bool:
    """Whether what JSON has for the class is never an array or an object."""
    return issubclass(python, _ONE_VALUE) and not issubclass(python, Enum)


def _scalar(python: Any) -> Converter | None:
    if issubclass(python, Enum):
        return _members(python)
    if issubclass(python, _ISO):
        return read_as(python, python.fromisoformat)
    if issubclass(python, (Decimal, UUID)):
        return read_as(python)
    for base in _NUMBERS_AND_TEXTS:
        if issubclass(python, base):
            return _derived(python, _TAKES[base])
    return None


def _of_class(python: type, takes: tuple[type, ...]) -> Converter:
    def same(value: Any) -> Any:
        if type(value) not in takes:
            raise unlike("None" if python is types.NoneType else python.__name__, value)
        return value

    return same


def _derived(python: type, takes: tuple[type, ...]) -> Converter:
    """What calls a class derived from a number or text, of nothing else: `str(5)` would be a value of its own."""
    made = read_as(python)

    def convert(value: Any) -> Any:
        if type(value) not in takes:
            raise unlike(python.__name__, value)
        return made(value)

    return convert


def _members(python: type[Enum]) -> Converter:
    """The member that a document's value means, which is not the member's own where JSON has no such value."""
    if all(plain(member.value) is member.value for member in python):
        return read_as(python)

    def member(document: Any) -> Any:
        return next((one for one in python if plain(one.value) == document), None) or python(document)

    return read_as(python, member)


def literal(python: Any, care: Care) -> Converter | None:
    """What makes of a value the one of the annotation that it means; None where that is the same and need not be looked at."""
    known = [(plain(one), one) for one in get_args(python)]
    if care is Care.LOOSE and all(document is one for document, one in known):
        return None

    def convert(value: Any) -> Any:
        for document, one in known:
            if document == value and type(document) is type(value):
                return one
        raise unlike(str(python).removeprefix("typing."), value)

    return convert


def name(key: Any) -> Converter | None:
    """What makes keys of a class, which JSON has as texts, where it is not what makes values of it."""
    if get_origin(key) is Literal:
        return _name_of_literal(key)
    if not isinstance(key, type) or key in _NAMES:
        return _NAMES.get(key)
    if issubclass(key, Enum):
        by_name = {name_of(member): member for member in key}
        unnamed = int if issubclass(key, Flag) else str  # several flags have no member of their own
        return read_as(key, lambda text: by_name[text] if text in by_name else key(unnamed(text)))
    if issubclass(key, (int, float)):
        number = int if issubclass(key, int) else float
        return read_as(key, lambda text: key(number(text)))
    return None


def _name_of_literal(python: Any) -> Converter | None:
    by_name = {name_of(one): one for one in get_args(python)}
    if all(text is one for text, one in by_name.items()):
        return None

    def convert(text: Any) -> Any:
        if text not in by_name:
            raise unlike(str(python).removeprefix("typing."), text)
        return by_name[text]

    return convert
