"""What `User.age` means, and why `user.age` has no value. The slow paths of `Mapped`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import NotLoaded
from ferrow.model.binding import table_of
from ferrow.model.sites import site_of

if TYPE_CHECKING:
    from ferrow.model.relation import Relation


def unset(cls: type, key: str, instance: Any = None) -> AttributeError:
    """The error for reading an attribute that nobody has set. An AttributeError, so that `hasattr` and `getattr` work."""
    name = f"{cls.__qualname__}.{key}"
    table = table_of(cls)
    if key in table.relations:
        return not_loaded(table.relations[key], instance)
    return AttributeError(
        f"{name} was never set on this object: give it to {cls.__name__}({key}=...) or assign it before it is used.",
        name=key,
    )


def not_loaded(relation: Relation, instance: Any = None) -> NotLoaded:
    """The error for touching a relation that was not loaded, with the ways to have it."""
    way = "selectinload" if relation.many else "joinedload"
    site = site_of(instance)
    read = "" if site is None else f", which was read at {site}"
    return NotLoaded(
        f"{relation.label} is a relation that has not been loaded on this object{read}. Load it with the query that reads the object, "
        f'.options({way}("{relation.key}")); or now, session.load(instance, "{relation.key}"), and for many objects at once '
        f'session.load_for(instances, "{relation.key}"); or with every query: relationship(lazy="selectin").'
    )


def expression(cls: type, key: str) -> Any:
    """The column as an SQL expression; for a relation, what queries take for it."""
    if cls.__dict__.get("__abstract__", False):
        # Not a ModelError: tools that look through all attributes of a class must be able to.
        raise AttributeError(
            f"{cls.__qualname__} is abstract: {key} is a column of the classes derived from it.", name=key
        )
    table = table_of(cls)
    relation = table.relations.get(key)
    if relation is None:
        return table.column(key).ref
    from ferrow.model.relation_ref import RelationRef

    return RelationRef(relation, table.ref)
