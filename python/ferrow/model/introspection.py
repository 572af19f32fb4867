"""What a typed class says of itself: `User.__columns__`. Asked of the class or of an instance, made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table

T = TypeVar("T")


class ClassProperty(Generic[T]):
    """An attribute of a class, which `find` makes of it. Abstract classes do not have it, as they have no table."""

    __slots__ = ("_find", "_name")

    def __init__(self, find: Callable[[type], T]) -> None:
        self._find = find

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> T:
        if owner.__dict__.get("__abstract__", False):
            raise AttributeError(f"{owner.__qualname__} is abstract, has no table, and so no {self._name}")
        return self._find(owner)


def _table(cls: type) -> Table:
    from ferrow.model.binding import table_of

    return table_of(cls)


def columns(cls: type) -> dict[str, Column]:
    """The columns by attribute name, in their order."""
    return dict(_table(cls).by_key)


def relationships(cls: type) -> dict[str, Relation]:
    """The relations by attribute name."""
    return dict(_table(cls).relations)


def primary_key(cls: type) -> str | tuple[str, ...] | None:
    """The attribute of the primary key, several as a tuple; None without one."""
    keys = [column.key for column in _table(cls).primary_key]
    return keys[0] if len(keys) == 1 else tuple(keys) or None


def hints(cls: type) -> dict[str, Any]:
    """What `Mapped[...]` says of each attribute; of one whose names do not exist (yet), as much as is known."""
    from ferrow.model.annotation import Annotation

    found: dict[str, Any] = {}
    for field in cls.__dict__["__ferrow_fields__"].values():
        resolved = Annotation(field.owner, field.key, field.raw).resolve()
        try:
            found[field.key] = resolved.python | None if resolved.nullable else resolved.python
        except TypeError:  # of a name that does not exist there is no `| None`
            found[field.key] = resolved.python
    return found


def soft_delete(cls: type) -> bool:
    """Whether rows are marked instead of deleted."""
    visible = _table(cls).visible
    return visible is not None and visible.deleted is not None
