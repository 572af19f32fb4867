"""Relations that are no longer what was loaded: touching them says so, instead of showing what is not true any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm.relations.source import Source
from ferrow.orm.relations.tie import NOTHING, Tie, ties_of

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan


def unload(instance: Any, tie: Tie) -> None:
    """Forget the value of a relation, also on frozen instances."""
    if tie.said(instance) is NOTHING:
        return
    object.__delattr__(instance, tie.key)
    told = getattr(instance, "__pydantic_fields_set__", None)
    if told is not None:
        told.discard(tie.key)


def unload_stale(plan: Plan[Any], instance: Any) -> None:
    """Forget objects that the foreign keys do not lead to any more."""
    for tie in ties_of(plan):
        value = tie.said(instance)
        if value is NOTHING or value is None or value.__class__ is list or not tie.link.belongs:
            continue
        source = Source(tie, instance, value)
        if source.now() != source.key():
            unload(instance, tie)
