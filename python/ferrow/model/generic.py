"""Generic classes with arguments: what their type variables stand for, in the bodies of the class and of its bases."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, get_args, get_origin

Filling: TypeAlias = Mapping[Any, Any]
Evaluated: TypeAlias = Callable[[Any], Any]


def class_of(python: Any) -> Any:
    """`Box` of `Box[UUID]`; what has no arguments is returned as it is."""
    return get_origin(python) or python


def fillings(python: Any) -> dict[type, dict[Any, Any]]:
    """What stands for the type variables, by the class whose body names them."""
    found: dict[type, dict[Any, Any]] = {}
    _fill(found, class_of(python), get_args(python))
    for filling in found.values():
        filling[typing.Self] = python
    return found


def _fill(found: dict[type, dict[Any, Any]], cls: type, arguments: tuple[Any, ...]) -> None:
    if cls in found:
        return
    parameters = getattr(cls, "__parameters__", ())
    simple = all(isinstance(parameter, TypeVar) for parameter in parameters) and len(parameters) == len(arguments)
    own = found[cls] = dict(zip(parameters, arguments, strict=True)) if simple else {}
    for base in cls.__dict__.get("__orig_bases__", cls.__bases__):
        origin = class_of(base)
        if isinstance(origin, type) and origin not in (object, Generic, Protocol):
            _fill(found, origin, tuple([filled(argument, own) for argument in get_args(base)]))


def filled(part: Any, filling: Filling) -> Any:
    """The part of an annotation with what its type variables stand for."""
    if isinstance(part, TypeVar) or part is typing.Self:
        return filling.get(part, part)
    wanted: tuple[Any, ...] = () if isinstance(part, type) else getattr(part, "__parameters__", ())
    if not any(parameter in filling for parameter in wanted):
        return part
    generic: Any = part
    return generic[tuple([filling.get(parameter, parameter) for parameter in wanted])]


def filling_in(evaluated: Evaluated, filling: Filling) -> Evaluated:
    """`evaluated`, and nothing is left of the type variables."""
    return lambda part: filled(evaluated(part), filling)


def standing_for(variable: TypeVar) -> Any:
    """What a type variable is that nothing was put in for: its default, its bound, one of its constraints, or anything."""
    default = getattr(variable, "__default__", None)
    if default is not None and type(default).__name__ != "NoDefaultType":  # typing's, or typing_extensions'
        return default
    if variable.__constraints__:
        # Of the AnyStr of a document only the text can be written.
        return typing.Union[tuple([one for one in variable.__constraints__ if one is not bytes])]  # noqa: UP007
    return Any if variable.__bound__ is None else variable.__bound__
