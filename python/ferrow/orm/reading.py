"""From criteria to the statements that read, each prepared once per structure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.errors import ProgrammingError
from ferrow.sql import ColumnRef, Expr, Select, func

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.sql import Condition

FUNCTIONS: dict[str, Callable[[Expr[Any]], Expr[Any]]] = {
    "sum": func.sum,
    "avg": func.avg,
    "min": func.min,
    "max": func.max,
}


def instances(plan: Plan[Any], criteria: Criteria) -> Prepared:
    """`SELECT all columns`, rows as instances."""
    key = ("instances", criteria.key)
    return plan.statements.get(key) or plan.prepare(key, criteria.select(plan.words, plan.refs), plan.shape)


def first_column(plan: Plan[Any], criteria: Criteria) -> Prepared:
    """`SELECT first column`: whether there are rows, and how many, without what is in them."""
    key = ("exists", criteria.key)
    return plan.statements.get(key) or plan.prepare(
        key, criteria.select(plan.words, plan.refs[:1]), Shape.column(0, None)
    )


def count(plan: Plan[Any], criteria: Criteria) -> Prepared:
    """`SELECT count(*)` of all matching rows, whatever the order and the limit. Its values are those of the conditions."""
    key = ("count", criteria.where)
    return plan.statements.get(key) or plan.prepare(
        key, Select([func.count()], plan.table.ref, criteria.condition()), Shape.column(0, None)
    )


def aggregate(plan: Plan[Any], criteria: Criteria, name: str, column: str | Expr[Any]) -> Select:
    """`SELECT name(column)` of these rows; not kept under a key, since compiling is cached by shape already.

    Raises:
        UnknownColumn: no such column.
        ProgrammingError: the function does not take values of its type.
    """
    operand = plan.words.expression(column)
    if operand.type.kind == "json" and not isinstance(operand, ColumnRef):
        msg = f"{name}() needs values of one type, and {operand!r} is a document: say what it holds, as_int(), as_float(), as_decimal(), as_text()"
        raise ProgrammingError(msg)
    try:
        computed = FUNCTIONS[name](operand)
    except TypeError as error:
        raise ProgrammingError(str(error)) from None
    return Select([computed], plan.table.ref, narrowed(plan, criteria, f"{name}()"))


def narrowed(plan: Plan[Any], criteria: Criteria, purpose: str) -> Condition | None:
    """The rows as one condition, for statements that have no LIMIT: with a limit, those whose key is among the chosen ones."""
    if not criteria.cut:
        return criteria.condition()
    columns = plan.words.key(purpose).columns
    if len(columns) != 1:
        msg = (
            f"{purpose} of a query with limit or offset needs a primary key of one column, and {plan.table.label} has "
            f"{len(columns)}. Leave the limit out, or select the rows by conditions"
        )
        raise ProgrammingError(msg)
    key = columns[0].ref
    return key.in_(criteria.select(plan.words, [key]))


def counted(total: int, criteria: Criteria) -> int:
    """How many of `total` matching rows lie between offset and limit."""
    rest = max(0, total - (criteria.offset or 0))
    return rest if criteria.limit is None else min(rest, criteria.limit)
