"""That a row has related rows: `EXISTS (SELECT ... FROM the other table WHERE its rows belong to this one AND ...)`.

An EXISTS, never a join: no row can come out twice, and no name becomes ambiguous. Rows that were deleted softly, or are outside of
their model's `__scope__`, are no related rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.model.visible import seen, seen_through
from ferrow.sql import Condition, Expr, Join, Select, TableRef, and_, exists
from ferrow.sql.expr import condition, expression
from ferrow.sql.repoint import called, free, repoint

if TYPE_CHECKING:
    from ferrow.model.link import Link


def related(link: Link, owner: TableRef, inner: Condition | None = None) -> Condition:
    """Whether a row of `owner` has a related row, one that meets `inner` if that is given.

    `inner` speaks of the target by its own name, also where that is the owner's table too: then the other row is given an alias.
    """
    return exists(rows(link, owner, inner))


def rows(link: Link, owner: TableRef, inner: Condition | None = None, *, wanted: Expr[Any] | None = None) -> Select:
    """The related rows of a row of `owner`, as a query inside another one.

    `inner` and `wanted`, the result column, speak of the target by its own name. Default column: the first the rows are found by.
    """
    target = link.target.ref
    wanted = link.far[0].ref if wanted is None else wanted
    inner = seen(link.target, inner)
    if target.key.called == owner.key.called:  # inside, the name would mean these rows only
        target = target.as_(_free(link.relation.key, owner, [wanted, *([] if inner is None else [inner])]))
        old, new = link.target.ref.shape, target.shape
        wanted = expression(repoint(wanted.shape, old, new), wanted.values, wanted.type)
        inner = None if inner is None else condition(repoint(inner.shape, old, new), inner.values)
    if link.junction is None:
        found = Select([wanted], target, link.condition(owner, target))
    else:
        between = link.junction.ref
        if between.key.called == owner.key.called:
            between = between.as_(
                _free(f"{link.relation.key}_{between.name}", owner, [wanted, *([] if inner is None else [inner])])
            )
        join = Join(target, link.far_condition(between, target))
        through = seen_through(link.junction.ref, between)
        near = link.near_condition(owner, between)
        found = Select([wanted], between, near if through is None else and_(near, through), joins=[join])
    return found if inner is None else found.where(inner)


def none(link: Link, owner: TableRef, inner: Condition | None = None) -> Condition:
    """The opposite of `related`."""
    return ~related(link, owner, inner)


def missing(link: Link, owner: TableRef) -> Condition:
    """Whether a row has no related row. Where the row itself holds the key, and all rows are seen, that is a look at the key alone."""
    if not link.belongs or link.target.visible is not None:
        return none(link, owner)
    nulls = [column.ref.of(owner).is_null() for column in link.near]
    first, *rest = nulls
    for one in rest:  # a key with one part missing refers to nothing
        first = first | one
    return first


def present(link: Link, owner: TableRef) -> Condition:
    """Whether a row has a related row."""
    if not link.belongs or link.target.visible is not None:
        return related(link, owner)
    return and_(*[column.ref.of(owner).is_not_null() for column in link.near])


def _free(key: str, owner: TableRef, inside: list[Expr[Any]]) -> str:
    """An alias that nothing around or inside has."""
    return free(key, [owner.key.called, *[name for one in inside for name in called(one.shape)]])
