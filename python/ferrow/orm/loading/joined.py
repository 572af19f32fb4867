"""Single objects in the statement that reads what refers to them: a LEFT JOIN each, under names of their own.

So conditions and orderings of the query keep meaning the queried table, whatever columns the joined ones have in common with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.model import aliased, table_of
from ferrow.model.visible import seen
from ferrow.orm.loading.hidden import hide, unhide
from ferrow.orm.loading.keys import reader
from ferrow.orm.plan import plan_of
from ferrow.sql import Join, and_
from ferrow.sql.repoint import called, free

if TYPE_CHECKING:
    from ferrow.model.link import Link
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.loading.tree import Loading, Node
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.words import Words
    from ferrow.sql import Expr, Select

Way = tuple["Node", int]
"""A relation that is joined, and the position in a row of the object that has it."""


def ways(options: Loading) -> list[Way]:
    """The relations that can be read in the same statement, those beyond after those before."""
    return list(_ways(options.nodes, 0, [0]))


def _ways(nodes: Mapping[str, Node], owner: int, last: list[int]) -> Iterator[Way]:
    for node in nodes.values():
        if node.strategy == "joined" and not node.tree and _single(node.link):
            yield node, owner
            last[0] += 1
            yield from _ways(node.nodes, last[0], last)


def _single(link: Link) -> bool:
    """Whether a join can find one row at most: it must not repeat those of the query."""
    if link.many or link.junction is not None:
        return False
    far = {column.key for column in link.far}
    table = link.target
    return (
        link.belongs  # what a foreign key refers to is unique
        or {column.key for column in table.primary_key} == far
        or (len(link.far) == 1 and (link.far[0].unique or link.far[0].unique_index))
        or any(set(unique.columns) == far for unique in table.uniques)
        or any(
            index.unique and index.where is None and not index.sql and set(index.columns) == far
            for index in table.indexes
        )
    )


def prepared(plan: Plan[Any], words: Words, criteria: Criteria, joined: list[Way]) -> tuple[Prepared, tuple[Any, ...]]:
    """The statement and its values; its rows are tuples of the queried object and those of the relations, in order."""
    way = tuple([(node.relation, owner, None if node.refined is None else node.refined.key) for node, owner in joined])
    if any(node.link.dynamic for node, _ in joined):
        statement, parts = _select(plan, words, criteria, joined)
        key: Any = ("joined", way, statement.shape)
        found = plan.statements.get(key)
        if found is None:
            found = plan.prepare(key, statement, lambda kinds: Shape.row(parts, kinds=kinds))
        return found, statement.values
    if criteria.extras is None:
        key = ("joined", way, criteria.key)
        found = plan.statements.get(key)
        if found is not None:
            return found, criteria.values
    plain = criteria.select(words, plan.refs)
    key = ("joined", way, criteria.key) if criteria.extras is None else ("joined", way, plain.shape)
    found = plan.statements.get(key)
    if found is not None:
        return found, plain.values  # the joins have none
    statement, parts = _select(plan, words, criteria, joined)
    return plan.prepare(key, statement, lambda kinds: Shape.row(parts, kinds=kinds)), statement.values


def _select(plan: Plan[Any], words: Words, criteria: Criteria, joined: list[Way]) -> tuple[Select, list[Any]]:
    plain = criteria.select(words, plan.refs)
    taken = {plan.table.ref.alias or plan.table.name, *called(plain.shape)}
    tables = [plan.table]
    columns: list[Expr[Any]] = list(plan.refs)
    joins: list[Join] = []
    parts: list[Any] = [plan.shape]
    for node, owner in joined:
        link = node.link
        alias = free(node.relation.key, taken)
        taken.add(alias)
        table = table_of(aliased(link.model, alias))
        on = link.condition(tables[owner].ref, table.ref)
        shown = seen(table) if node.refined is None else node.refined.shown(table)
        joins.append(Join(table.ref, on if shown is None else and_(on, shown), outer=True))
        columns += [column.ref for column in table.columns]
        tables.append(table)
        positions = [table.columns.index(table.by_key[column.key]) for column in link.far]
        parts.append((plan_of(link.model, plan.dialect).shape, positions))
    return criteria.select(words, columns).joined(*joins), parts


def assembled(plan: Plan[Any], rows: list[tuple[Any, ...]], joined: list[Way]) -> list[Any]:
    """The queried objects with their relations; one row of a table is one object, however often it was joined."""
    plans = [plan, *[plan_of(node.link.model, plan.dialect) for node, _ in joined]]
    columns = [[row[0] for row in rows]]
    for position, (node, owner) in enumerate(joined, 1):
        attach, key = plans[owner].writer.attach, node.relation.key
        primary = plans[position].table.primary_key
        identity = reader(primary) if primary else id
        known: dict[Any, Any] = {}
        column = [None if (one := row[position]) is None else known.setdefault(identity(one), one) for row in rows]
        unhide(columns[owner], key)
        near = reader(node.link.near) if node.link.belongs and node.link.target.visible is not None else None
        for instance, one in zip(columns[owner], column, strict=True):
            if instance is not None:
                attach(instance, key, one)
                if one is None and near is not None and near(instance) is not None:
                    hide(instance, key)
        columns.append(column)
    return columns[0]
