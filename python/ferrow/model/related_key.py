"""Relations compared with instances and keys: `Post.author == user`, `author__in=[1, 2]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.errors.shown import shortened
from ferrow.model.binding import is_model
from ferrow.model.related import missing, none, present, related
from ferrow.sql import Condition, and_, false, or_, true

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.link import Link
    from ferrow.sql import TableRef


def columns(link: Link) -> tuple[Column, ...]:
    """The columns of the target that its instances are compared by: those the key refers to, else the primary key."""
    return link.far if link.belongs else link.target.key_columns(f"comparing {link.relation.label}")


def key(link: Link, value: Any) -> tuple[Any, ...]:
    """The key of an instance of the target, or a key given as it is: a value, a tuple or a dict for one of several columns.

    Raises:
        ProgrammingError: an instance of another model, one without a key, or another number of values.
    """
    wanted = columns(link)
    label = link.relation.label
    if isinstance(value, link.model):
        values = tuple([getattr(value, column.key, None) for column in wanted])
        if None in values:
            raise ProgrammingError(
                f"{label} is compared with an instance of {link.target.label} whose {wanted[values.index(None)].key} is None, so it has no row yet. "
                "Insert it first"
            )
        return values
    if is_model(type(value)):
        raise ProgrammingError(
            f"{label} leads to {link.target.label}, and is compared with an instance of {type(value).__qualname__}"
        )
    if isinstance(value, Mapping):
        if value.keys() != {column.key for column in wanted}:
            raise ProgrammingError(
                f"{label}: the key has {', '.join(c.key for c in wanted)}; got {', '.join(map(str, value))}"
            )
        return tuple([value[column.key] for column in wanted])
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(values) != len(wanted):
        names = ", ".join(column.key for column in wanted)
        raise ProgrammingError(
            f"{label} is compared with instances of {link.target.label} or keys, {len(wanted)} "
            f"value{'s' if len(wanted) > 1 else ''} ({names}), not with {shortened(value)}"
        )
    return values


def equal(link: Link, owner: TableRef, value: Any) -> Condition:
    """Whether the related row is this one; one of the related rows, where there are many. None: there is none."""
    if value is None:
        return missing(link, owner)
    return _met(link, owner, _same(_sides(link, owner), key(link, value)))


def unequal(link: Link, owner: TableRef, value: Any) -> Condition:
    """Whether there is a related row that is another one; where there are many, whether none of them is this one."""
    if value is None:
        return present(link, owner)
    same = _same(_sides(link, owner), key(link, value))
    if link.many:
        return none(link, owner, same)
    return _met(link, owner, _other(_sides(link, owner), key(link, value)))


def among(link: Link, owner: TableRef, values: Iterable[Any], *, negated: bool = False) -> Condition:
    """Whether the related row, or one of them, is among these; None among them means that there is none."""
    given = _listed(link, values)
    keys = [key(link, value) for value in given if value is not None]
    sides = _sides(link, owner)
    if negated:
        if not keys:
            return present(link, owner) if given else true()
        if link.many:
            found = none(link, owner, _in(sides, keys))
            return and_(present(link, owner), found) if len(keys) < len(given) else found
        return _met(link, owner, _not_in(sides, keys))
    found = _met(link, owner, _in(sides, keys)) if keys else false()
    return or_(found, missing(link, owner)) if len(keys) < len(given) else found


def _listed(link: Link, values: Any) -> Sequence[Any]:
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise ProgrammingError(
            f"{link.relation.label} in {type(values).__name__}: give a list of {link.target.label}s or of their keys"
        )
    return list(values)


def _sides(link: Link, owner: TableRef) -> list[Any]:
    """The columns that have the key: the owner's own, or those of the target inside an EXISTS."""
    if link.belongs:
        return [column.ref.of(owner) for column in link.near]
    return [column.ref for column in columns(link)]


def _met(link: Link, owner: TableRef, found: Condition) -> Condition:
    return found if link.belongs else related(link, owner, found)


def _same(sides: list[Any], values: tuple[Any, ...]) -> Condition:
    return and_(*[side == value for side, value in zip(sides, values, strict=True)])


def _other(sides: list[Any], values: tuple[Any, ...]) -> Condition:
    if len(sides) == 1:
        found: Condition = sides[0] != values[0]
        return found
    return and_(_whole(sides), ~_same(sides, values))


def _in(sides: list[Any], keys: list[tuple[Any, ...]]) -> Condition:
    if len(sides) == 1:
        found: Condition = sides[0].in_([one for (one,) in keys])
        return found
    return or_(*[_same(sides, one) for one in keys])


def _not_in(sides: list[Any], keys: list[tuple[Any, ...]]) -> Condition:
    if len(sides) == 1:
        found: Condition = sides[0].not_in([one for (one,) in keys])
        return found
    return and_(_whole(sides), ~_in(sides, keys))


def _whole(sides: list[Any]) -> Condition:
    """A key with one part missing refers to nothing, although the other part may tell it from another key."""
    return and_(*[side.is_not_null() for side in sides])
