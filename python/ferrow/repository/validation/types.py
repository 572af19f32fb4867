"""From an annotation to a function that says whether a value is of its type. Nothing is converted."""

from __future__ import annotations

import collections.abc as abc
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from ferrow.errors import ModelError
from ferrow.model.alias import meant

Check = Callable[[Any], bool]
Evaluate = Callable[[Any], Any]
"""Turns what is still text in an annotation into a type."""

_TEXT = (str, bytes, bytearray)


class Types:
    """Makes checks of annotations of one class. `known` says what its type variables stand for, `where` is for messages."""

    def __init__(self, evaluate: Evaluate, known: Mapping[Any, Any], where: str) -> None:
        self._evaluate = evaluate
        self._known = known
        self._where = where

    def check(self, annotation: Any) -> Check | None:
        """The check; None where any value will do."""
        annotation = self._evaluate(annotation)
        if annotation is Any or annotation is object:
            return None
        if annotation is None or annotation is types.NoneType:
            return _is_none
        origin = get_origin(annotation)
        if origin is typing.Annotated or origin in (typing.Final, typing.Required, typing.NotRequired):
            return self.check(get_args(annotation)[0])
        if isinstance(annotation, typing.NewType):
            return self.check(annotation.__supertype__)
        if (aliased := meant(annotation)) is not annotation:
            return self.check(aliased)
        if isinstance(annotation, TypeVar):
            return self._variable(annotation)
        if origin is Literal:
            return _literal(get_args(annotation))
        if origin is Union or origin is types.UnionType:
            return self._union(get_args(annotation))
        if origin is None:
            return self._plain(annotation)
        return self._generic(origin, get_args(annotation))

    def _variable(self, variable: TypeVar) -> Check | None:
        if variable in self._known and self._known[variable] is not variable:
            return self.check(self._known[variable])
        if variable.__constraints__:
            return self._union(variable.__constraints__)
        return None if variable.__bound__ is None else self.check(variable.__bound__)

    def _union(self, members: tuple[Any, ...]) -> Check | None:
        checks = []
        for member in members:
            check = self.check(member)
            if check is None:
                return None
            checks.append(check)
        return lambda value: any(check(value) for check in checks)

    def _plain(self, annotation: Any) -> Check | None:
        if not isinstance(annotation, type):
            return callable if annotation is typing.Callable else None
        if typing.is_typeddict(annotation):
            return self._typed_dict(annotation)
        if getattr(annotation, "_is_protocol", False) and not getattr(annotation, "_is_runtime_protocol", False):
            return None  # Python cannot tell
        return _instance(annotation)

    def _typed_dict(self, annotation: Any) -> Check:
        try:
            hints = typing.get_type_hints(annotation, include_extras=True)
        except NameError as error:
            raise ModelError(
                f"{self._where}: {error.name!r}, which the TypedDict {annotation.__qualname__} names, is not known in module "
                f"{annotation.__module__}. Import it there (not only under TYPE_CHECKING), or annotate {self._where} with dict."
            ) from error
        checks = {key: self.check(hint) for key, hint in hints.items()}
        # Where annotations are text, Python has not seen NotRequired in them.
        required = {key for key in annotation.__required_keys__ if get_origin(hints[key]) is not typing.NotRequired}

        def check(value: Any) -> bool:
            return (
                isinstance(value, dict)
                and required <= value.keys() <= checks.keys()
                and all((one := checks[key]) is None or one(item) for key, item in value.items())
            )

        return check

    def _generic(self, origin: Any, arguments: tuple[Any, ...]) -> Check | None:
        if origin is type:
            target = self._evaluate(arguments[0])
            classes = isinstance(target, type)
            return lambda value: isinstance(value, type) and (not classes or issubclass(value, target))
        if origin is abc.Callable:
            return callable
        if not isinstance(origin, type):
            return None
        outer = _instance(origin)
        if issubclass(origin, tuple):
            return self._tuple(outer, arguments)
        if issubclass(origin, abc.Mapping) and len(arguments) == 2:
            return _mapping(outer, self.check(arguments[0]), self.check(arguments[1]))
        # What is read by going through it (an iterator) is not read here.
        if issubclass(origin, (abc.Sequence, abc.Set, abc.Collection)) and len(arguments) == 1:
            return _items(outer, self.check(arguments[0]), abstract=origin.__module__ == "collections.abc")
        return outer

    def _tuple(self, outer: Check, arguments: tuple[Any, ...]) -> Check:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return _items(outer, self.check(arguments[0]), abstract=False)
        checks = [self.check(argument) for argument in arguments if argument != ()]

        def check(value: Any) -> bool:
            return (
                outer(value)
                and len(value) == len(checks)
                and all(one is None or one(item) for one, item in zip(checks, value, strict=True))
            )

        return check


def exactly(annotation: Any, evaluate: Evaluate) -> frozenset[type]:
    """Types whose values pass without further question: what makes the usual case fast."""
    annotation = evaluate(annotation)
    origin = get_origin(annotation)
    if origin is typing.Annotated:
        return exactly(get_args(annotation)[0], evaluate)
    if origin is Union or origin is types.UnionType:
        return frozenset().union(*(exactly(member, evaluate) for member in get_args(annotation)))
    if annotation is None:
        return frozenset((types.NoneType,))
    if origin is not None or not isinstance(annotation, type) or typing.is_typeddict(annotation):
        return frozenset()
    if getattr(annotation, "_is_protocol", False):
        return frozenset()
    return frozenset((annotation, int)) if annotation is float else frozenset((annotation,))


def known_variables(cls: type) -> dict[Any, Any]:
    """What the type variables of a class and its bases stand for: `class Numbers(Box[int])` says it of Box."""
    known: dict[Any, Any] = {}
    for base in cls.__mro__:
        for parent in getattr(base, "__orig_bases__", ()) if "__orig_bases__" in base.__dict__ else ():
            variables = getattr(get_origin(parent), "__parameters__", ())
            for variable, argument in zip(variables, get_args(parent), strict=False):
                known[variable] = known.get(argument, argument) if isinstance(argument, TypeVar) else argument
    return known


def _is_none(value: Any) -> bool:
    return value is None


def _instance(cls: type) -> Check:
    if cls is float:
        return lambda value: isinstance(value, (float, int)) and not isinstance(value, bool)
    if cls is int:
        return lambda value: isinstance(value, int) and not isinstance(value, bool)
    if cls is abc.Sequence or cls is abc.Collection or cls is abc.Iterable:
        return lambda value: isinstance(value, cls) and not isinstance(value, _TEXT)
    return lambda value: isinstance(value, cls)


def _literal(values: tuple[Any, ...]) -> Check:
    # True is not 1 here.
    return lambda value: any(type(value) is type(one) and value == one for one in values)


def _items(outer: Check, item: Check | None, *, abstract: bool) -> Check:
    if item is None:
        return outer if not abstract else (lambda value: outer(value) and not isinstance(value, _TEXT))
    return lambda value: outer(value) and not (abstract and isinstance(value, _TEXT)) and all(map(item, value))


def _mapping(outer: Check, key: Check | None, item: Check | None) -> Check:
    return lambda value: (
        outer(value) and (key is None or all(map(key, value))) and (item is None or all(map(item, value.values())))
    )
