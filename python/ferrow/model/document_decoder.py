"""What makes the values of JSON columns of documents, as the annotation says, part by part."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, LiteralString, TypeVar, Union, get_args, get_origin

from ferrow.model.alias import bare
from ferrow.model.care import Care, Converter, exact
from ferrow.model.container import container
from ferrow.model.document import name_of
from ferrow.model.document_container import mapping, sequence
from ferrow.model.document_empty import Refused, Unmakeable
from ferrow.model.document_record import record
from ferrow.model.document_scalar import NATIVE, literal, name, scalar
from ferrow.model.document_union import union
from ferrow.model.generic import Evaluated, class_of, standing_for
from ferrow.model.undecodable import Undecodable

_DEEPEST = 4  # a generic class may hold itself with other arguments each time: what is deeper is found on first use


def decoder(python: Any, evaluated: Evaluated, refused: Refused | None = None) -> Converter | None:
    """What makes a value annotated with `python` of a decoded document; None if the document is the value.

    `evaluated` turns a part of the annotation that is still text into its type. Raises Undecodable for a class that nothing makes of JSON,
    unless it stands in a field that can be left empty and there is `refused`, which is then told of it.
    """
    return Decoders(refused).of(python, evaluated, Care.LOOSE)


def decoder_of_part(python: Any, evaluated: Evaluated) -> Converter | None:
    """The same of a part that was asked for, which may be a field that can only be empty."""
    return Decoders(Refused()).part(python, evaluated, Care.LOOSE, (object, ""))


class Decoders:
    """What makes the parts of one column's documents. Types may contain themselves."""

    __slots__ = ("_empty", "_known", "_refused", "_within")

    def __init__(self, refused: Refused | None) -> None:
        self._known: dict[Any, Converter | None] = {}
        self._within: list[type] = []
        self._refused: Refused | None = refused
        self._empty: tuple[type, str] | None = None  # the field that can be left empty, while it is looked at

    def part(self, python: Any, evaluated: Evaluated, care: Care, empty: tuple[type, str] | None) -> Converter | None:
        """What makes values of a record's field; see `document_record.Makes`."""
        outer, self._empty = self._empty, empty
        try:
            made = self.of(python, evaluated, care)
        finally:
            self._empty = outer
        if isinstance(made, Unmakeable) and empty is not None and self._refused is not None:
            self._refused.add(*empty, object)
        return made

    def of(self, python: Any, evaluated: Evaluated, care: Care) -> Converter | None:
        """What makes values of a part; None where nothing is to be done."""
        python = _type(python, evaluated)
        if care is Care.LOOSE and _is_plain(python, evaluated, ()):
            return None
        origin = get_origin(python)
        if origin in (Union, types.UnionType):
            return self._kept((python, evaluated, care), partial(self._union, python, evaluated, care))
        if origin is Literal:
            return literal(python, care)
        inner = partial(self.of, evaluated=evaluated, care=care)
        if (held := container(python)) is not None:
            if issubclass(held[0], dict):
                return mapping(*held, inner, partial(self._name, evaluated=evaluated, care=care), evaluated, care)
            return sequence(*held, inner, care)
        cls = class_of(python)
        if not isinstance(cls, type) or cls in (object, Any):
            return None
        if hasattr(cls, "__pydantic_fields__") and hasattr(cls, "model_validate"):
            from ferrow.model.document_pydantic import model

            return model(cls, care)
        made = self._record(python, evaluated, care) or scalar(cls, care)
        if made is None and not _is_as_it_is(python, cls, evaluated):
            return self._unmakeable(python)
        return made

    def _unmakeable(self, python: Any) -> Converter:
        if self._empty is None or self._refused is None:
            raise Undecodable(python)
        self._refused.add(*self._empty, python)
        return Unmakeable(python)

    def _kept(self, key: Any, make: Callable[[], Converter | None]) -> Converter | None:
        """What was made for the key, or is being made: then it is looked up when it is called."""
        known = self._known
        try:
            if key in known:
                found = known[key]
                return found if found is not _unmade else lambda value: known[key](value)  # type: ignore[misc]
        except TypeError:  # Literal[[]] and other annotations that cannot be a key
            return make()
        known[key] = _unmade
        try:
            found = known[key] = make()
        except BaseException:
            del known[key]
            raise
        return found

    def _union(self, python: Any, evaluated: Evaluated, care: Care) -> Converter | None:
        members, nullable = _members(python, evaluated)
        if len(members) == 1:
            made = self.of(members[0], evaluated, care)
        else:
            made = union(members, lambda member, care: self.of(member, evaluated, care), care)
        if made is None or not nullable:
            return made
        return lambda value: None if value is None else made(value)

    def _record(self, python: Any, evaluated: Evaluated, care: Care) -> Converter | None:
        arguments = get_args(python)
        if arguments:
            python = get_origin(python)[tuple([_type(argument, evaluated) for argument in arguments])]
        key = (python, care)
        if key in self._known:
            return self._known[key]
        found = record(python, care)
        if found is None:
            return None
        self._known[key] = found.build
        cls, within = class_of(python), self._within
        if self._refused is not None:
            self._refused.looks_at(cls)
        if within.count(cls) < _DEEPEST:
            within.append(cls)
            try:
                found.parts.prepare(self.part)
            except Undecodable:
                del self._known[key]
                raise
            finally:
                within.pop()
        return found.build

    def _name(self, python: Any, evaluated: Evaluated, care: Care) -> Converter | None:
        """What makes the keys of a mapping."""
        python = _type(python, evaluated)
        if get_origin(python) in (Union, types.UnionType):
            members, _ = _members(python, evaluated)
            if all(member is str for member in members):
                return None
            members.sort(key=lambda member: member is str)  # which any key could be, in whatever order they are named
            return union(members, lambda member, care: self._name(member, evaluated, care), care)
        if python is str and care is Care.LOOSE:
            return None
        found = name(python)
        if found is None:
            return self.of(python, evaluated, care)
        return exact(found, name_of) if care is Care.EXACT else found


def _unmade(value: Any) -> Any:
    """What is known of a part while it is being made."""
    raise AssertionError(value)


def _type(python: Any, evaluated: Evaluated) -> Any:
    """What is meant, without aliases and type variables."""
    python = bare(python, evaluated)
    while isinstance(python, TypeVar):
        python = bare(standing_for(python), evaluated)
    return str if python is LiteralString else python


def _members(python: Any, evaluated: Evaluated) -> tuple[list[Any], bool]:
    """The members of a union and of unions in it, and whether None is among them."""
    members: list[Any] = []
    nullable = False
    for argument in get_args(python):
        member = _type(argument, evaluated)
        if get_origin(member) in (Union, types.UnionType):
            inner, too = _members(member, evaluated)
            members += [one for one in inner if one not in members]
            nullable = nullable or too
        elif member is types.NoneType or member is None:
            nullable = True
        elif member not in members:
            members.append(member)
    return members, nullable


def _is_plain(python: Any, evaluated: Evaluated, above: tuple[Any, ...]) -> bool:
    """Whether a document of the type is its value, down to the last item. A type that contains itself is if the rest is."""
    python = _type(python, evaluated)
    if python in above:
        return True
    origin, arguments, above = get_origin(python), get_args(python), (*above, python)
    if origin is Literal:
        return all(isinstance(one, (str, int, float, types.NoneType)) and type(one) in NATIVE for one in arguments)
    if origin is dict and any(name(member) is not None for one in arguments[:1] for member in _flat(one, evaluated)):
        return False
    if origin in (dict, list, Union, types.UnionType):
        return all(_is_plain(argument, evaluated, above) for argument in arguments)
    return python is Any or (isinstance(python, type) and (python in NATIVE or python is object))


def _flat(python: Any, evaluated: Evaluated) -> list[Any]:
    python = _type(python, evaluated)
    return _members(python, evaluated)[0] if get_origin(python) in (Union, types.UnionType) else [python]


def _is_as_it_is(python: Any, cls: type, evaluated: Evaluated) -> bool:
    """Whether some of JSON's own values are instances of the class, as of a protocol."""
    if getattr(cls, "_is_protocol", False):
        return True
    return any(_is_derived(native, cls) for native in NATIVE) and all(
        _is_plain(argument, evaluated, ()) for argument in get_args(python)
    )


def _is_derived(native: type, cls: type) -> bool:
    try:
        return issubclass(native, cls)
    except TypeError:  # a class may refuse to answer
        return False
