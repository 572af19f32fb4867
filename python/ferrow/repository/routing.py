"""Which model a call of a hub is about: the class that is given, or that of the object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ferrow.repository.errors import InvalidArgument, InvalidType

NOTHING: Any = object()
"""No argument, where None could be one."""


def one(first: Any, second: Any) -> tuple[type, Any]:
    """The model and the object of `(Model, obj)` or `(obj)`. Raises TypeError for anything else."""
    if second is NOTHING:
        if isinstance(first, type):
            raise InvalidType(f"Object instance is required when passing a model class. Got only {first.__name__}.")
        return type(first), first
    model = _class(first)
    if type(second) is not model:
        raise InvalidType(f"Object type mismatch: expected {model.__name__}, got {type(second).__name__}.")
    return model, second


def several(first: Any, second: Any) -> tuple[type, list[Any]]:
    """The model and the objects of `(Model, objs)` or `(objs)`.

    Raises:
        ValueError: no objects that would tell the model.
        TypeError: objects of several classes.
    """
    if second is NOTHING:
        if isinstance(first, type):
            raise InvalidArgument(
                f"Objects sequence is required when passing a model class. Got only {first.__name__}."
            )
        members = _members(first)
        if not members:
            raise InvalidArgument("Cannot infer model from an empty objects sequence. Pass the model class first.")
        model = type(members[0])
    else:
        model = _class(first)
        members = _members(second)
    for member in members:
        if type(member) is not model:
            raise InvalidType(f"Object type mismatch: expected {model.__name__}, got {type(member).__name__}.")
    return model, members


def _class(first: Any) -> type:
    if not isinstance(first, type):
        raise InvalidType(
            f"The first argument must be a model class when an object follows, not {type(first).__name__}."
        )
    return first


def _members(given: Any) -> list[Any]:
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes)):
        raise InvalidType(f"insert_many() takes a sequence of objects, not {type(given).__name__}.")
    return list(given)
