"""Relations of dataclasses and Pydantic models: touching one that was not loaded says so, as it does for typed classes.

Installed when the class is first used as a model. A relation takes no part in `==`, `hash` and `repr` that a dataclass generated: these
would fail for what is not loaded, and never end where two objects refer to each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ferrow.model.options import RelationOptions

if TYPE_CHECKING:
    from ferrow.model.relation import Relation

_NOTHING = object()


class Unloaded:
    """Found on the class where the instance has no value: a value in the instance's own dictionary comes first."""

    __slots__ = ("_relation",)

    def __init__(self, relation: Relation) -> None:
        self._relation = relation

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            # A subclass that is being made looks for defaults here, and must not find any.
            if owner is None or "__ferrow_binding__" not in owner.__dict__:
                raise AttributeError(self._relation.key)
            from ferrow.model.unset import expression

            return expression(owner, self._relation.key)
        raise self._error(instance)

    def _error(self, instance: Any) -> AttributeError:
        from ferrow.model.unset import not_loaded

        return not_loaded(self._relation, instance)


class Kept(Unloaded):
    """For a dataclass that has slots, or whose constructor leaves `relationship()` itself, its default, as the value."""

    __slots__ = ("_slot",)

    def __init__(self, relation: Relation, slot: Any) -> None:
        super().__init__(relation)
        self._slot = slot

    @property
    def slotted(self) -> bool:
        """Whether the value is in a slot, not in the instance's dictionary."""
        return self._slot is not None

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return super().__get__(instance, owner)
        if self._slot is None:
            value = instance.__dict__.get(self._relation.key, _NOTHING)
        else:
            try:
                value = self._slot.__get__(instance, owner)
            except AttributeError:
                value = _NOTHING
        if value is _NOTHING or isinstance(value, RelationOptions):
            raise self._error(instance)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        if self._slot is not None:
            self._slot.__set__(instance, value)
        else:
            instance.__dict__[self._relation.key] = value

    def __delete__(self, instance: Any) -> None:
        if self._slot is not None:
            self._slot.__delete__(instance)
        else:
            del instance.__dict__[self._relation.key]


def install(cls: type, relations: Iterable[Relation]) -> None:
    """Put the descriptors on a dataclass or Pydantic model."""
    from types import MemberDescriptorType

    for relation in relations:
        found = next((base.__dict__[relation.key] for base in cls.__mro__ if relation.key in base.__dict__), None)
        if isinstance(found, Kept):
            slot = found._slot
        else:
            slot = found if isinstance(found, MemberDescriptorType) else None
        plain = slot is None and not isinstance(found, (RelationOptions, Kept))
        setattr(cls, relation.key, Unloaded(relation) if plain else Kept(relation, slot))


def without(cls: Any, relations: Iterable[Relation]) -> None:
    """Let what `dataclass` generated for `==`, `hash` and `repr` of a class leave the relations out."""
    from dataclasses import fields

    keys = {relation.key for relation in relations}
    own = [field for field in fields(cls) if field.name not in keys]
    compared = [field.name for field in own if field.compare]
    hashed = [field.name for field in own if (field.compare if field.hash is None else field.hash)]
    shown = [field.name for field in own if field.repr]

    def __eq__(self: Any, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or all(getattr(self, key) == getattr(other, key) for key in compared)

    def __hash__(self: Any) -> int:
        return hash(tuple([getattr(self, key) for key in hashed]))

    def __repr__(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{key}={getattr(self, key)!r}' for key in shown)})"

    for method in (__eq__, __hash__, __repr__):
        theirs = cls.__dict__.get(method.__name__)
        if theirs is not None and generated(theirs):
            setattr(cls, method.__name__, method)
    if getattr(getattr(cls, "__getstate__", None), "__name__", None) == "_dataclass_getstate":
        cls.__getstate__ = _state


_UNLOADED = RelationOptions(None, None, "select", None, None)


def _state(self: Any) -> list[Any]:
    """What `copy` and `pickle` take of a frozen instance with slots: as `dataclass` has it, whose `__setstate__` gets it."""
    from dataclasses import fields

    return [getattr(self, field.name, _UNLOADED) for field in fields(self)]


def generated(function: Any) -> bool:
    """Whether `dataclasses` wrote the function: it compiles text that comes from no file."""
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    return code is not None and code.co_filename == "<string>"
