"""What `type Name = ...` and `type Maybe[T] = T | None` of Python 3.12 stand for; those of typing_extensions, too."""

from __future__ import annotations

from typing import Any, get_args, get_origin


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
