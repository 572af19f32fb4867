"""The rows of several keys: all of them, or those an option chooses, at most so many for each key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.sql import Join, Ordering, Select, and_, func, or_
from ferrow.sql.derived import Subquery
from ferrow.sql.expr import condition
from ferrow.sql.form.compare import COMPARE
from ferrow.sql.form.membership import IN_LIST
from ferrow.sql.shape import HOLES
from ferrow.types import ListOf

if TYPE_CHECKING:
    from ferrow.model.link import Link
    from ferrow.orm.loading.refined import Refined
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.sql import ColumnRef, Condition, Expr

_RANK, _OWNER, _ROWS = "ferrow_rank", "ferrow_owner", "ferrow_rows"


def chosen(
    plan: Plan[Any], link: Link, piece: list[Any], shown: Condition | None, refined: Refined
) -> tuple[Prepared, tuple[Any, ...]]:
    """The statement for what an option says, and its values. Its rows are those of the plain one."""
    statement = _statement(plan, link, piece, shown, refined)
    key = ("selectin", link, statement.shape)
    found = plan.statements.get(key)
    if found is None:
        found = prepare(plan, link, key, statement)
    return found, statement.values


def _statement(plan: Plan[Any], link: Link, piece: list[Any], shown: Condition | None, refined: Refined) -> Select:
    criteria = refined.criteria
    order = order_of(plan, link, criteria.terms)
    source, joins, keys = plan.table.ref, [], [column.ref for column in link.far]
    owners: list[ColumnRef[Any]] = []
    if link.junction is not None:
        owners = keys = [column for _, column in link.junction.near]
        source, joins = link.junction.ref, [Join(plan.table.ref, link.far_condition(link.junction.ref, plan.table.ref))]
    several = len(piece) if len(keys) > 1 else 0
    where = among(keys, several, values_of(piece, len(keys)))
    for more in (shown, criteria.condition()):
        where = where if more is None else and_(where, more)
    if not criteria.cut:
        return Select([*owners, *plan.refs], source, where, joins=joins, order_by=order)
    # A limit for each owner: the rows of each are numbered. Every database does that in one pass, with or without an index.
    named: list[Expr[Any]] = [column.label(f"{_OWNER}_{place}") for place, column in enumerate(owners)]
    # A junction may have a pair twice, which is one object: the order ends with its key, so only such rows are alike.
    key = link.target.primary_key
    settled = link.junction is not None and bool(key) and all(column.type.ordered for column in key)
    number = func.dense_rank() if settled else func.row_number()
    rank = number.over(partition_by=keys, order_by=order).label(_RANK)
    rows = Subquery(Select([*named, *plan.refs, rank], source, where, joins=joins), _ROWS)
    *columns, place = rows.columns
    first = criteria.offset or 0
    kept: list[Condition] = [place > first] if first else []
    if criteria.limit is not None:
        kept.append(place <= first + criteria.limit)
    return Select(columns, rows, and_(*kept), order_by=[place]) if kept else Select(columns, rows, order_by=[place])


def order_of(plan: Plan[Any], link: Link, terms: Sequence[Ordering] = ()) -> list[Ordering]:
    """In which order the rows come: as asked, else as the relation says; and by their keys, which settle it."""
    words = plan.words
    order = [*terms] or [words.ordering(term) for term in link.relation.order_by]
    return order + [words.ordering(column.ref) for column in link.target.primary_key if column.type.ordered]


def prepare(plan: Plan[Any], link: Link, key: Any, statement: Select) -> Prepared:
    """Prepare a statement that gives objects, behind the keys of their owners where a junction has those."""
    if link.junction is None:
        return plan.prepare(key, statement, plan.shape)
    owners = [None for _ in link.near]
    return plan.prepare(key, statement, lambda kinds: Shape.row([*owners, plan.shape], kinds=kinds))


def among(columns: Sequence[ColumnRef[Any]], several: int, given: tuple[Any, ...] = ()) -> Condition:
    """That the columns are one of the keys. Written as shapes: the keys are in the form of the database already.

    Its parameters are those of `values_of`, either `given` or put in later.
    """
    if not several:
        column = columns[0]
        return condition((IN_LIST, column.shape, HOLES[ListOf(column.type)], False), (given[0] if given else None,))
    parts = [condition((COMPARE, "=", column.shape, HOLES[column.type]), (None,)) for column in columns]
    found = or_(*[and_(*parts)] * several)
    return condition(found.shape, given) if given else found


def values_of(piece: list[Any], columns: int) -> tuple[Any, ...]:
    """The parameters of `among`."""
    return (piece,) if columns == 1 else tuple([value for key in piece for value in key])
