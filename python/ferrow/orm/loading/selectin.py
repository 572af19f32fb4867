"""`SELECT ... WHERE author_id IN (keys)`: the related rows of many objects at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import grouped
from ferrow.model.visible import seen, seen_through
from ferrow.orm.loading.keys import chunks, is_uuid, reader
from ferrow.orm.loading.some import among, chosen, order_of, prepare, values_of
from ferrow.orm.plan import Plan, Prepared, plan_of
from ferrow.sql import Join, Select, and_

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.link import Link
    from ferrow.orm.loading.refined import Refined
    from ferrow.sql import ColumnRef, Condition, Dialect

Related = dict[Any, list[Any]]
"""Objects by the key of the owner, in order."""


async def selected(
    engine: AsyncEngine,
    dialect: Dialect,
    link: Link,
    keys: Sequence[Any],
    refined: Refined | None = None,
    *,
    unseen: bool = False,
) -> tuple[Related, list[Any]]:
    """The related objects by the keys of the owners, and all of them, each row once.

    `refined`: only some of them, or more. `unseen`: those that queries leave out, too.
    """
    plan: Plan[Any] = plan_of(link.model, dialect)
    related: Related = {}
    objects: list[Any] = []
    read = _through if link.junction is not None else _direct
    shown = None if unseen else _shown(link, refined)
    for piece in chunks(keys, len(link.near)):
        if refined is None:
            prepared, values = _prepared(plan, link, piece, shown), values_of(piece, len(link.near))
            if shown is not None:
                values += shown.values
        else:
            prepared, values = chosen(plan, link, piece, shown, refined)
        rows = (await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows
        read(link, rows, related, objects)
    return related, objects


def _direct(link: Link, rows: list[Any], related: Related, objects: list[Any]) -> None:
    found: Related | None = None
    if len(link.far) == 1 and link.far[0].encode is None:
        found = grouped(rows, link.far[0].key)
    if found is not None and not (is_uuid(link.far[0]) and str in {*map(type, found)}):
        related.update(found)  # each key is in one piece only
    else:
        read = reader(link.far)
        for key, row in zip(map(read, rows), rows, strict=True):
            related.setdefault(key, []).append(row)
    objects += rows


def _through(link: Link, rows: list[Any], related: Related, objects: list[Any]) -> None:
    """Rows are the owner's key and the object. One row of the target is one object, for all owners that have it."""
    width = len(link.near)
    identity = reader(link.target.primary_key) if link.target.primary_key else id
    known = {identity(one): one for one in objects}
    for row in rows:
        owner = row[0] if width == 1 else row[:width]
        one = known.setdefault(identity(row[width]), row[width])
        if one is row[width]:
            objects.append(one)
        found = related.setdefault(owner, [])
        if not (found and found[-1] is one):  # a junction may have a pair twice; the order puts the two side by side
            found.append(one)


def _shown(link: Link, refined: Refined | None) -> Condition | None:
    """What holds for the related rows, and those of the junction, that are seen; None if all are."""
    found = seen(link.target) if refined is None else refined.shown(link.target)
    through = None if link.junction is None else seen_through(link.junction.ref, link.junction.ref)
    return found if through is None else through if found is None else and_(found, through)


def _prepared(plan: Plan[Any], link: Link, piece: list[Any], shown: Condition | None) -> Prepared:
    several = len(piece) if len(link.near) > 1 else 0
    # By the relation itself: two relations of one target may differ in order and junction.
    key = ("selectin", link, several, None if shown is None else shown.shape)
    found = plan.statements.get(key)
    if found is not None:
        return found
    order = order_of(plan, link)
    if link.junction is None:
        columns = [column.ref for column in link.far]
        statement = Select(plan.refs, plan.table.ref, _where(columns, several, shown), order_by=order)
        return prepare(plan, link, key, statement)
    owners = [column for _, column in link.junction.near]
    join = Join(plan.table.ref, link.far_condition(link.junction.ref, plan.table.ref))
    where = _where(owners, several, shown)
    statement = Select([*owners, *plan.refs], link.junction.ref, where, joins=[join], order_by=order)
    return prepare(plan, link, key, statement)


def _where(columns: Sequence[ColumnRef[Any]], several: int, shown: Condition | None) -> Condition:
    found = among(columns, several)
    return found if shown is None else and_(found, shown)
