"""An instance stored together with what it is related to: new rows are inserted, rows that are there are linked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.model.binding import binding
from ferrow.orm.loading.keys import as_uuid, is_uuid
from ferrow.orm.relations.undo import Undo
from ferrow.repository.errors import InvalidType

if TYPE_CHECKING:
    from ferrow.model.link import Link
    from ferrow.repository.repository import AsyncRepository


class Related:
    """The objects given for one relation."""

    __slots__ = ("link", "name", "objects", "repository")

    def __init__(self, name: str, link: Link, objects: list[Any], repository: AsyncRepository[Any]) -> None:
        self.name: str = name
        self.link: Link = link
        self.objects: list[Any] = objects
        self.repository: AsyncRepository[Any] = repository


async def create(repository: AsyncRepository[Any], obj: Any, relations: Mapping[str, Any]) -> None:
    """Insert `obj` and store all that is related to it, in one transaction; if that fails the objects are as they were before.

    Raises:
        ValueError: no such relation.
        TypeError: an object of another class than the relation's, or no list where there are several.
    """
    given = [_given(repository, name, value) for name, value in relations.items() if value is not None]
    for one in given:
        await one.repository._prepare()  # not inside: MariaDB commits where a table is made
    undo = Undo()
    try:
        async with repository._engine.transaction():
            for one in given:
                if one.link.belongs:
                    await _parent(obj, one, undo)
            _keep(undo, obj)
            await repository._own("insert")(obj)
            for one in given:
                if one.link.junction is not None:
                    await _linked(repository, obj, one, undo)
                elif not one.link.belongs:
                    await _children(obj, one, undo)
    except BaseException:
        undo.back()
        raise


def _given(repository: AsyncRepository[Any], name: str, value: Any) -> Related:
    owner = repository.model.__name__
    several = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    objects = list(value) if several else [value]
    classes = {type(one) for one in objects}
    link = repository._relations.link(name, next(iter(classes)) if len(classes) == 1 else None)
    wanted = link.model.__name__
    if link.many and not several:
        raise InvalidType(
            f"Relation {name!r} expects a sequence of {wanted} objects. Got {type(value).__name__} for {owner}.{name}."
        )
    for one in [value] if several and not link.many else objects:
        if type(one) is not link.model:
            raise InvalidType(f"Relation {name!r} expects {wanted}. Got {type(one).__name__} for {owner}.{name}.")
    once = list({id(one): one for one in objects}.values())
    return Related(name, link, once, repository._sibling(link.model))


def _keep(undo: Undo, instance: Any) -> None:
    """Remember what an insert fills in."""
    undo.keep(instance, [column.key for column in binding(type(instance)).writer.generated])


async def _present(one: Related) -> set[int]:
    """The ids (Python's) of the objects that have a row already; those without a key have none."""
    columns = one.repository._plan.table.primary_key
    uuids = [is_uuid(column) for column in columns]
    keys: dict[int, tuple[Any, ...]] = {}
    for each in one.objects:
        values = [getattr(each, column.key, None) for column in columns]
        keys[id(each)] = tuple([as_uuid(value) if uuid else value for uuid, value in zip(uuids, values, strict=True)])
    there = await one.repository._known([key for key in keys.values() if None not in key])
    return {each for each, key in keys.items() if key in there}


async def _parent(obj: Any, one: Related, undo: Undo) -> None:
    """Store what `obj` belongs to, and have it refer to that."""
    (parent,) = one.objects
    if not await _present(one):
        _keep(undo, parent)
        await one.repository._own("insert")(parent)
    _refer(obj, [(mine.key, theirs.key) for mine, theirs in one.link.pairs], parent, undo)


async def _linked(repository: AsyncRepository[Any], obj: Any, one: Related, undo: Undo) -> None:
    """Link `obj` with the objects of a many-to-many relation."""
    for other in one.objects:
        _keep(undo, other)
    await repository._session.link(obj, one.name, *one.objects)


async def _children(obj: Any, one: Related, undo: Undo) -> None:
    """Have those that belong to `obj` refer to it: new ones are inserted, of the others the reference is written."""
    keys = [(theirs.key, mine.key) for mine, theirs in one.link.pairs]
    there = await _present(one)
    for child in one.objects:
        _refer(child, keys, obj, undo)
    new = [child for child in one.objects if id(child) not in there]
    for child in new:
        _keep(undo, child)
    if new:
        await one.repository._own("insert_many")(new)
    present = [child for child in one.objects if id(child) in there]
    if present:
        await one.repository._session.update_all(present, [name for name, _ in keys])


def _refer(instance: Any, keys: list[tuple[str, str]], other: Any, undo: Undo) -> None:
    """Give an object the key of another one, also if it is frozen."""
    names = [name for name, _ in keys]
    undo.keep(instance, names)
    writer = binding(type(instance)).writer
    writer.assign(instance, names, [getattr(other, theirs) for _, theirs in keys])
