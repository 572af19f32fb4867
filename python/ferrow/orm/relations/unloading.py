"""Relations that are no longer what was loaded: touching them says so, instead of showing what is not true any more."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.hidden import unhide
from ferrow.orm.relations.source import Source
from ferrow.orm.relations.tie import NOTHING, Tie, ties_of

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan


def unload(instance: Any, tie: Tie) -> None:
    """Forget the value of a relation, also on frozen instances."""
    if tie.value(instance) is NOTHING:
        return
    object.__delattr__(instance, tie.key)
    fields_set = getattr(instance, "__pydantic_fields_set__", None)
    if fields_set is not None:
        fields_set.discard(tie.key)


def rests_on(tie: Tie, keys: Container[str]) -> bool:
    """Whether the foreign key of a relation has one of these columns."""
    return tie.link.belongs and any(column.key in keys for column in tie.link.near)


def unload_moved(instance: Any, tie: Tie) -> None:
    """The foreign key has just changed: forget an object that it does not lead to, and a None where it leads somewhere."""
    value = tie.value(instance)
    if value is NOTHING:
        return
    source = Source(tie, instance, value)
    if (None not in source.now()) if value is None else source.now() != source.key():
        unload(instance, tie)
        unhide((instance,), tie.key)


def unload_by(plan: Plan[Any], instance: Any, keys: Container[str]) -> None:
    """`unload_moved` of the relations that rest on these columns."""
    for tie in ties_of(plan):
        if tie.value(instance) is not NOTHING and rests_on(tie, keys):
            unload_moved(instance, tie)


def unload_stale(plan: Plan[Any], instance: Any) -> None:
    """Forget objects that the foreign keys do not lead to any more."""
    for tie in ties_of(plan):
        value = tie.value(instance)
        if value is NOTHING or value is None or value.__class__ is list or not tie.link.belongs:
            continue
        source = Source(tie, instance, value)
        if source.now() != source.key():
            unload(instance, tie)


def unload_unseen(plan: Plan[Any], instance: Any) -> None:
    """The row was there before, with what refers to it: forget that there is nothing, which the instance said without having looked."""
    for tie in ties_of(plan):
        value = tie.value(instance)
        if value is NOTHING or tie.members(instance):
            continue
        if tie.link.belongs:
            unload_moved(instance, tie)
        else:
            unload(instance, tie)
