"""Joins along relations: `query.join(User.posts)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.model.relation_ref import RelationRef
from ferrow.orm.statements.elements import Entity
from ferrow.orm.statements.joining import Side
from ferrow.sql import Join

if TYPE_CHECKING:
    from ferrow.model.table import Table


def along_relation(target: Any, on: Any) -> tuple[RelationRef, Side]:
    """What `join(User.posts)`, `join(User.boss.to(boss))` and `join(boss, User.boss)` mean: the relation, and what is joined.

    Raises:
        ProgrammingError: a condition beside a relation, which knows its own; an alias of another model.
    """
    if isinstance(on, RelationRef):
        relation = on.to(target)
    elif on is None:
        relation = target
    else:
        msg = f"join({target!r}, on): a relation knows its condition; leave `on` out, or join the model on it"
        raise ProgrammingError(msg)
    table = relation.target or relation.link.target
    refs = [column.ref for column in table.columns]
    return relation, Side(table.ref, Entity(relation.link.model, table, table.ref, refs, table.ref.alias))


def relation_join(relation: RelationRef, *, left: bool = False, target: Table | None = None) -> tuple[Join, ...]:
    """The joins that bring the related rows in: one, or two with a junction.

    Args:
        relation: `User.posts`, `boss.posts` of an alias, or `User.boss.to(boss)` towards one.
        left: keep rows that have no related ones.
        target: the table, usually of an alias, that the related rows go by; default: what `to` said, else the target's own.

    Raises:
        ProgrammingError: a model joined with itself, without an alias.
        ModelError: it cannot be told which columns are meant.
    """
    link = relation.link
    chosen = target or relation.target
    ref = link.target.ref if chosen is None else chosen.ref
    if ref == relation.table:
        name, label = relation.key, link.target.label
        msg = (
            f"{relation.relation.label} joins {link.target.name} with itself, so the other rows need a name: "
            f'{name} = aliased({label}, "{name}"), then join({label}.{name}.to({name}))'
        )
        raise ProgrammingError(msg)
    if link.junction is None:
        return (Join(ref, link.condition(relation.table, ref), outer=left),)
    between = link.junction.ref
    if ref.alias is not None:  # the same junction may be there already, towards another alias
        between = between.as_(f"{ref.alias}_{between.name}")
    return (
        Join(between, link.near_condition(relation.table, between), outer=left),
        Join(ref, link.far_condition(between, ref), outer=left),
    )
