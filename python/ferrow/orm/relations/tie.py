"""One relation of a model, as it is written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError, ProgrammingError
from ferrow.model.options import RelationOptions
from ferrow.model.relation_ref import RelationRef

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.link import Link
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan

NOTHING: Any = object()
"""An instance says nothing through a relation: it is neither loaded nor set."""


class Tie:
    """A relation of a model. `slotted`: its value is in a slot; `tree`: a Pydantic model, whose objects must not refer to each other in a circle."""

    def __init__(self, model: type, relation: Relation) -> None:
        self.relation = relation
        self.key: str = relation.key
        self.slotted: bool = not _has_dict(model, relation.key)
        self.tree: bool = hasattr(model, "model_fields")
        self.save: bool = "save" in relation.cascade
        self.delete: bool = "delete" in relation.cascade
        self.orphan: bool = "orphan" in relation.cascade
        self.writes_links: bool = relation.writes_links

    @cached_property
    def link(self) -> Link:
        """The columns. Raises ModelError if they cannot be told, and for a cascade that the relation cannot have."""
        link = self.relation.link
        if (self.orphan or self.delete) and (link.belongs or link.junction is not None):
            word = "orphan" if self.orphan else "delete"
            raise ModelError(
                f"{self.relation.label}: cascade={word!r} is for what belongs to one {link.owner.label}, and a {link.target.label} "
                f"{'is what the foreign key refers to' if link.belongs else 'may be linked with several'}. Leave the word out."
            )
        return link

    @property
    def pairs(self) -> tuple[tuple[Column, Column], ...]:
        """Each foreign key column with the column it takes its value from."""
        return self.link.pairs if self.link.belongs else tuple([(far, near) for near, far in self.link.pairs])

    def value(self, instance: Any) -> Any:
        """The value of the attribute, or NOTHING."""
        value = getattr(instance, self.key, NOTHING) if self.slotted else instance.__dict__.get(self.key, NOTHING)
        return NOTHING if value.__class__ is RelationOptions else value

    def members(self, instance: Any) -> list[Any]:
        """The related objects that an instance names, without None."""
        return self.checked(self.value(instance))

    def checked(self, value: Any) -> list[Any]:
        """A value of the relation as a list. Raises ProgrammingError for what is no object of the target, or no collection."""
        if value is NOTHING or value is None:
            return []
        link = self.link
        if link.many:
            if isinstance(value, (str, bytes, dict)) or not isinstance(value, Iterable):
                raise ProgrammingError(
                    f"{self.relation.label} holds many {link.target.label}s: give a list of them, not {value!r:.80}"
                )
            members = list(value)
        else:
            members = [value]
        for one in members:
            if one.__class__ is not link.model and not _of(one, link.target):
                raise ProgrammingError(f"{self.relation.label} leads to {link.target.label}, and cannot be {one!r:.80}")
        return members

    def __repr__(self) -> str:
        return f"<Tie {self.relation.label}>"


def _of(value: Any, target: Table) -> bool:
    from ferrow.model.binding import is_model, table_of

    if not is_model(type(value)):
        return False
    table = table_of(type(value))
    return (table.name, table.schema) == (target.name, target.schema)


def _has_dict(model: type, key: str) -> bool:
    from ferrow.model.relation_attribute import Kept

    found = model.__dict__.get(key)
    return not (isinstance(found, Kept) and found.slotted)


def ties_of(plan: Plan[Any]) -> tuple[Tie, ...]:
    """The relations of a model, kept with its plan. Their columns are looked up when one of them is said something about."""
    found: tuple[Tie, ...] | None = plan.ties
    if found is None:
        found = plan.ties = tuple([Tie(plan.model, one) for one in plan.table.relations.values()])
    return found


def has_related(plan: Plan[Any], instance: Any) -> bool:
    """Whether an instance says anything through its relations. Empty collections and None, which are defaults, do not count."""
    for tie in ties_of(plan):
        value = tie.value(instance)
        if value is not NOTHING and value is not None and not (isinstance(value, list) and not value):
            return True
    return False


def tie_of(plan: Plan[Any], relation: Any, purpose: str) -> Tie:
    """The relation that is meant by a name or an attribute (`User.tags`).

    Raises:
        UnknownColumn: no such relation; names the nearest.
        ProgrammingError: a column, or a relation of another model.
    """
    from ferrow.errors import UnknownColumn, nearest

    table = plan.table
    key = relation.key if isinstance(relation, RelationRef) else relation
    if isinstance(relation, RelationRef) and not issubclass(plan.model, relation.relation.owner):
        raise ProgrammingError(f"{purpose}: {relation.relation.label} is not a relation of {table.label}")
    if not isinstance(key, str):
        raise ProgrammingError(f"{purpose} takes a relation, its name or the attribute of the class, not {relation!r}")
    if key not in table.relations:
        raise UnknownColumn(f"{purpose}: {table.label} has no relation {key!r}. {nearest(key, table.relations)}")
    return next(tie for tie in ties_of(plan) if tie.key == key)
