"""What annotations stand for: `type Name = ...` and `type Maybe[T] = T | None` of Python 3.12 (those of typing_extensions, too), NewType, wrappers."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, get_args, get_origin

_WRAPPERS = {typing.Annotated, typing.Final, typing.Required, typing.NotRequired}


def meant(annotation: Any) -> Any:
    """What an alias stands for, with its parameters put in; the annotation itself if it is none."""
    if type(annotation).__name__ == "TypeAliasType":
        return annotation.__value__
    alias = get_origin(annotation)
    if type(alias).__name__ != "TypeAliasType":
        return annotation
    value = alias.__value__
    given = dict(zip(alias.__type_params__, get_args(annotation), strict=False))
    if value in given:
        return given[value]
    wanted = getattr(value, "__parameters__", ())  # in the order in which the value names them
    return value[tuple([given.get(parameter, parameter) for parameter in wanted])] if wanted else value


def _wraps(origin: Any) -> bool:
    # ReadOnly came with Python 3.13; before, it is typing_extensions'.
    return origin in _WRAPPERS or getattr(origin, "_name", None) == "ReadOnly"


def bare(annotation: Any, evaluated: Callable[[Any], Any]) -> Any:
    """The type itself, without `Annotated` and the like, NewType and aliases around it; `evaluated` turns text into a type."""
    while True:
        annotation = evaluated(annotation)
        if _wraps(get_origin(annotation)):
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, typing.NewType):
            annotation = annotation.__supertype__
        elif (aliased := meant(annotation)) is not annotation:
            annotation = aliased
        else:
            return annotation
