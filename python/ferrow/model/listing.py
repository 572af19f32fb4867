"""Values of list columns: what stands in the annotation's brackets says what the elements are."""

from __future__ import annotations

import types
from collections.abc import Callable
from enum import Enum
from typing import Any, Union, get_args, get_origin

from ferrow.errors import ModelError
from ferrow.model.alias import bare
from ferrow.model.travel import Converter, between, enumeration
from ferrow.types import ListOf

_CONTAINERS = (list, tuple, set, frozenset)


def converters(
    python: Any, declared: ListOf, where: str, evaluated: Callable[[Any], Any]
) -> tuple[Converter | None, Converter | None]:
    """What makes a plain list of a value annotated with `python`, and the other way round; None where nothing is to be done.

    Raises:
        ModelError: the annotation is no list, or one of elements that the declared type does not hold.
    """
    container = get_origin(python) or python
    if container in (object, Any):
        return None, None
    if container not in _CONTAINERS:
        raise ModelError(f"{where} is annotated as {python!r}, but its type {declared!r} holds lists: write list[...].")
    encode, decode = _element(_item(python, evaluated), declared, where)
    if container is list and decode is None:
        return (None if encode is None else lambda value: [_each(encode, item) for item in value]), None
    return (
        lambda value: [_each(encode, item) for item in value],
        lambda value: container([_each(decode, item) for item in value]),
    )


def _each(convert: Converter | None, item: Any) -> Any:
    return item if convert is None or item is None else convert(item)


def _item(python: Any, evaluated: Callable[[Any], Any]) -> Any:
    arguments = get_args(python)
    item = bare(arguments[0], evaluated) if arguments else Any
    if get_origin(item) in (Union, types.UnionType):
        members = [member for member in get_args(item) if member is not types.NoneType]
        return bare(members[0], evaluated) if len(members) == 1 else Any
    return item


def _element(item: Any, declared: ListOf, where: str) -> tuple[Converter | None, Converter | None]:
    if not isinstance(item, type) or item is object:
        return None, None
    if issubclass(item, Enum):
        _, encode, decode = enumeration(item, where)
        return encode, decode
    return between(item, declared.item, f"an element of {where}")
