"""Containers in documents: what makes lists, tuples, sets and mappings, and what they hold."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Unpack, get_origin

from ferrow.errors import DataError
from ferrow.model.alias import bare
from ferrow.model.care import Care, Converter
from ferrow.model.generic import Evaluated
from ferrow.model.undecodable import Undecodable, placed
from ferrow.model.unlike import at, each, keyed, listed, read_as, unlike


def sequence(made: type, arguments: tuple[Any, ...], of: Converter, care: Care) -> Converter | None:
    """What makes a `made` of an array; `of` gives what makes the items of a type."""
    if made is tuple and any(map(_is_unpacked, arguments)):
        raise Undecodable(tuple)
    if made is tuple and arguments and arguments[-1] is not Ellipsis:
        return _tuple([placed(f"[{position}]", of, argument) for position, argument in enumerate(arguments)])
    inner = placed("[...]", of, arguments[0]) if arguments else None
    if inner is None:
        if made is list:
            return None if care is Care.LOOSE else listed
        return read_as(made, lambda value: made(listed(value)))
    if made is list:
        return lambda value: each(inner, value)
    whole = read_as(made)
    return lambda value: whole(each(inner, value))


def _is_unpacked(argument: Any) -> bool:
    return getattr(argument, "__unpacked__", False) or get_origin(argument) is Unpack


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


def mapping(
    made: type, arguments: tuple[Any, ...], of: Converter, names: Converter, evaluated: Evaluated, care: Care
) -> Converter | None:
    """What makes a `made` of an object; `of` gives what makes the values of a type, `names` what makes the keys."""
    key, value = [bare(argument, evaluated) for argument in arguments] or [Any, Any]
    items = _items(placed("[...]", names, key), placed("[...]", of, value))
    if made is dict:
        return keyed if items is None and care is not Care.LOOSE else items
    # What a defaultdict makes of nothing is no part of the document, but of the annotation.
    factory = value if isinstance(value, type) else get_origin(value)
    whole = read_as(made, (lambda found: made(factory, found)) if made is defaultdict else None)
    return lambda document: whole(items(document) if items else keyed(document))


def _items(key: Converter | None, value: Converter | None) -> Converter | None:
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
