"""Joins of a query: what stands beside the rows of its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ferrow.errors import ProgrammingError, UnknownColumn, nearest
from ferrow.model import table_of
from ferrow.model.relation_ref import RelationRef
from ferrow.model.visible import seen
from ferrow.orm.extras import NONE, Lock
from ferrow.orm.relation_joining import along_relation, relation_join
from ferrow.orm.statements.elements import entity_of
from ferrow.orm.statements.joining import Side, sources_of
from ferrow.orm.statements.joining import joined as join_of
from ferrow.sql import Join, Select, Source, TableRef, and_
from ferrow.sql.operators import truth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ferrow.model.table import Table
    from ferrow.orm.criteria import Criteria
    from ferrow.sql.logic import Truth


def joined(criteria: Criteria, model: type, target: Any, on: Truth | None, *, kind: str = "") -> Criteria:
    """With one more join: along a relation, on a condition, else along the one foreign key between the new model and those there are.

    Raises:
        ProgrammingError: there is no foreign key, or more than one; the same table twice without an alias; something that
            cannot be joined.
        UnknownColumn: no relation of this name.
        TypeError: `on` is not a condition.
    """
    extras = criteria.extras or NONE
    outer = kind == "LEFT"
    if isinstance(target, str):
        target = _relation(model, target)
    if isinstance(target, RelationRef) or isinstance(on, RelationRef):
        along, side = along_relation(target, on)
        joins = relation_join(along, left=outer)
        if kind in _EMPTY:
            joins = tuple([Join(one.table, one.on, kind=kind) for one in joins])
            _must_be_seen(kind, table_of(model), along.link.target)
        *between, last = [_shown(one) for one in joins]
        joins = (*[_leading_to_seen(along, one) if outer else one for one in between], last)
        return criteria.extended(extras._replace(joins=(*extras.joins, *joins), sides=(*extras.sides, side)))
    if isinstance(target, Source) and not isinstance(target, TableRef):
        if on is None:
            msg = f"join({target!r}) needs a condition: there is no foreign key to go by"
            raise ProgrammingError(msg)
        if kind in _EMPTY:
            _must_be_seen(kind, table_of(model))
        made = Join(target, truth(on), kind=kind)
        return criteria.extended(extras._replace(joins=(*extras.joins, made)))
    sides = (*extras.sides, Side(table_of(model).ref, entity_of(model)))
    found = join_of(sides, target, on, "left" if outer else "inner")
    if kind in _EMPTY:
        _must_be_seen(kind, table_of(model), getattr(found.side.source, "described", None))
    made = _shown(Join(found.side.source, found.on, kind=kind))
    return criteria.extended(extras._replace(joins=(*extras.joins, made), sides=(*extras.sides, found.side)))


def _relation(model: type, name: str) -> RelationRef:
    table = table_of(model)
    relation = table.relations.get(name)
    if relation is None:
        known = nearest(name, table.relations) if table.relations else ""
        msg = f"join() takes a model, or a relation or its name, and {table.label} has no relation {name!r}. {known}"
        raise UnknownColumn(msg.rstrip())
    return RelationRef(relation, table.ref)


_EMPTY = frozenset({"RIGHT", "FULL"})


def _must_be_seen(kind: str, *tables: Table | None) -> None:
    """Raise ProgrammingError for rows that are not all seen: whether one is missing or hidden could not be told."""
    hidden = next((one for one in tables if one is not None and one.visible is not None), None)
    if hidden is not None:
        msg = (
            f"{kind.lower()}_join() with {hidden.label}, which has soft deletion or a __scope__: begin with the other model and left_join(), or "
            "write select(...), whose conditions are all your own"
        )
        raise ProgrammingError(msg)


def _shown(join: Join) -> Join:
    """The join of those rows that are seen: not of deleted ones."""
    table: Table | None = getattr(join.table, "described", None)
    if table is None or table.visible is None:
        return join
    shown = table.visible.condition(cast("TableRef", join.table))
    if shown is None:
        return join
    return Join(join.table, shown if join.on is None else and_(join.on, shown), outer=join.outer)


def _leading_to_seen(relation: RelationRef, between: Join) -> Join:
    """The outer join of a junction without those rows that lead to a row nobody sees: each would be an empty one of its own."""
    link = relation.link
    shown = seen(link.target)
    if shown is None or len(link.far) != 1:
        return between
    far = link.far[0].ref
    assert link.junction is not None
    column = link.junction.far[0][1].of(between.table)
    wanted = column.in_(Select([far], link.target.ref, shown))
    return Join(between.table, wanted if between.on is None else and_(between.on, wanted), outer=True)


def locked(
    criteria: Criteria, of: Iterable[Any], *, nowait: bool, skip_locked: bool, read: bool, key_share: bool
) -> Criteria:
    """With its rows locked."""
    if nowait and skip_locked:
        msg = "for_update(nowait=True, skip_locked=True): a locked row is either an error or left out; choose one"
        raise ProgrammingError(msg)
    extras = criteria.extras or NONE
    return criteria.extended(
        extras._replace(lock=Lock(sources_of(of, "for_update(of=...)"), nowait, skip_locked, read, key_share))
    )
