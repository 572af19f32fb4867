"""From criteria to the statements that read, each prepared once per structure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.errors import ProgrammingError
from ferrow.orm.grouping import by_key, chosen, grouped, must_be_rows, must_sort_by
from ferrow.orm.grouping import plain as _plain
from ferrow.sql import ColumnRef, Labelled, Select, func
from ferrow.sql.form.window import OVER
from ferrow.sql.scope import parts

if TYPE_CHECKING:
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.words import Words
    from ferrow.sql import Condition, Expr

_OWN = Shape.column(0, plain=True)
"""What nobody but Ferrow looks at, so that no codec of users is asked to read it."""


def different(words: Words, criteria: Criteria) -> Criteria:
    """The criteria of instances that are distinct: DISTINCT only where rows of the table may repeat.

    Raises:
        ProgrammingError: they are, and are sorted by what is not in them.
    """
    if not criteria.distinct:
        return criteria
    on = criteria.extras is not None and criteria.extras.on
    if on or grouped(criteria) or not _repeats(words, criteria):
        return criteria.repeating()
    must_sort_by(words, criteria, [column.ref for column in words.table.columns])
    return criteria


def instances(plan: Plan[Any], criteria: Criteria) -> Prepared:
    """`SELECT all columns`, rows as instances; its values are `criteria.values`. For criteria without extras."""
    if criteria.distinct:
        criteria = different(plan.words, criteria)
    key = ("instances", criteria.key)
    return plan.statements.get(key) or plan.prepare(key, criteria.select(plan.words, plan.refs), plan.shape)


def first(plan: Plan[Any], criteria: Criteria) -> tuple[Prepared, tuple[Any, ...]]:
    """The same with a limit of one row, and its values."""
    if criteria.limit is not None or criteria.offset is not None:
        cut = criteria.at_most(1)
        return instances(plan, cut), cut.values
    # `instances(plan, criteria.limited(1))` without making those criteria: this is the commonest query of all.
    key = ("instances", (criteria.where, criteria.order, False, True, criteria.distinct))
    found = plan.statements.get(key)
    if found is None:
        found = instances(plan, criteria.limited(1))
    return found, (*criteria.where_values, *criteria.order_values, 1)


def instances_beyond(
    plan: Plan[Any], words: Words, criteria: Criteria, purpose: str
) -> tuple[Prepared, tuple[Any, ...]]:
    """The same for criteria with extras, and the values.

    Raises:
        ProgrammingError: the rows are groups.
    """
    must_be_rows(words, criteria, purpose)
    statement = different(words, criteria).select(words, plan.refs)
    key = ("instances", statement.shape)
    return plan.statements.get(key) or plan.prepare(key, statement, plan.shape), statement.values


def exists(plan: Plan[Any], words: Words, criteria: Criteria) -> tuple[Prepared, tuple[Any, ...]]:
    """`SELECT first column`: whether there are rows, without what is in them."""
    if criteria.terms:  # any of them will do
        criteria = criteria.resorted(())
    repeats = _repeats(words, criteria) and not grouped(criteria)
    if criteria.distinct and not repeats:
        criteria = criteria.repeating()
    if criteria.extras is None and not repeats:
        key: Any = ("exists", criteria.key)
        found = plan.statements.get(key)
        if found is None:
            found = plan.prepare(key, criteria.select(words, plan.refs[:1]), _OWN)
        return found, criteria.values
    columns: list[Expr[Any]] = (
        [column.ref for column in words.table.columns] if repeats else _some_columns(words, criteria)
    )
    statement = _plainly(criteria).resorted(()).select(words, columns)
    key = ("exists", statement.shape)
    found = plan.statements.get(key) or plan.prepare(key, statement, _OWN)
    return found, statement.values


def count(plan: Plan[Any], words: Words, criteria: Criteria) -> tuple[Prepared, tuple[Any, ...]]:
    """`SELECT count(*)` of these rows; `counted` has the last word."""
    if criteria.extras is None and not _repeats(words, criteria):
        key: Any = ("count", criteria.where)
        found = plan.statements.get(key)
        if found is None:
            select = Select([func.count()], plan.table.ref, criteria.condition())
            found = plan.prepare(key, select, _OWN)
        return found, criteria.where_values
    if whole(words, criteria):
        criteria = different(words, criteria.resorted(()))  # however many there are, in whichever order
        columns = (
            [column.ref for column in words.table.columns] if criteria.distinct else _some_columns(words, criteria)
        )
        # The label of a group's column is how its GROUP BY refers to it.
        named = columns if isinstance(columns[0], Labelled) else _numbered(columns)
        rows = _plainly(criteria).select(words, named).subquery("found")
        statement = Select([func.count()], rows)
    else:
        statement = _plainly(criteria).resorted(()).limited(None).skipping(None).select(words, [func.count()])
    key = ("count", statement.shape)
    return plan.statements.get(key) or plan.prepare(key, statement, _OWN), statement.values


def counted(total: int, words: Words, criteria: Criteria) -> int:
    """How many of the rows lie between offset and limit, where the statement has not seen to it."""
    if whole(words, criteria):
        return total
    rest = max(0, total - (criteria.offset or 0))
    return rest if criteria.limit is None else min(rest, criteria.limit)


def aggregate(words: Words, criteria: Criteria, name: str, column: str | Expr[Any]) -> Select:
    """`SELECT name(column)` of these rows; not kept under a key, since compiling is cached by shape already.

    Raises:
        UnknownColumn: no such column.
        ProgrammingError: the function does not take values of its type.
    """
    from ferrow.orm.annotated import FUNCTIONS

    (operand,), sorted_out = chosen(words, criteria, [column], {}, only=True)
    function = FUNCTIONS[name]
    if operand.type.kind == "json" and not isinstance(_plain(operand), ColumnRef):
        msg = f"{name}() needs values of one type, and {operand!r} is a document: say what it holds, as_int(), as_float(), as_decimal(), as_text()"
        raise ProgrammingError(msg)
    try:
        function(_plain(operand))
    except TypeError as error:
        raise ProgrammingError(str(error)) from None
    window = any(part is OVER for part in parts(_plain(operand).shape, within=True))  # of which there is no aggregate
    if not (window or criteria.cut or whole(words, criteria)):
        return _plainly(criteria).resorted(()).select(words, [function(_plain(operand))])
    if not criteria.cut and not (criteria.extras is not None and criteria.extras.on):
        sorted_out = sorted_out.resorted(())
    beside: list[Expr[Any]] = []
    if criteria.distinct and not different(words, sorted_out).distinct:
        sorted_out = sorted_out.repeating()
    elif criteria.distinct:
        # What it is sorted by has to be there, and is a column, so the same in all rows of one key.
        beside = [one.ref for one in words.table.primary_key or words.table.columns]
        beside += [
            by for term in sorted_out.terms if (by := _plain(term.expr)).shape not in {one.shape for one in beside}
        ]
    value = operand if isinstance(operand, Labelled) else operand.label("value")
    rows = _plainly(sorted_out).select(words, [value, *_numbered(beside)]).subquery("found")
    return Select([function(rows.column(value.name))], rows)


def narrowed(plan: Plan[Any], words: Words, criteria: Criteria, purpose: str) -> Condition | None:
    """The rows as one condition, for statements that have neither LIMIT nor joins: those whose key is among the chosen ones."""
    extras = criteria.extras
    if not criteria.cut and (extras is None or not (extras.joins or extras.on or extras.over or grouped(criteria))):
        return criteria.condition()
    must_be_rows(words, criteria, purpose)
    columns = words.key(purpose).columns
    if len(columns) != 1:
        msg = (
            f"{purpose} of a query with limit, offset, distinct(...) or joins needs a primary key of one column, and {plan.table.label} has "
            f"{len(columns)}. Leave it out, or select the rows by conditions"
        )
        raise ProgrammingError(msg)
    key = columns[0].ref
    if criteria.distinct:  # among the chosen ones a row may as well be twice, if it is not counted twice
        criteria = different(words, criteria)
        if not criteria.cut:
            criteria = criteria.repeating().resorted(())
    if criteria.distinct:
        rows = criteria.select(words, _numbered([column.ref for column in words.table.columns])).subquery("found")
        return key.in_(Select([rows.column(f"c{words.table.columns.index(columns[0])}")], rows))
    return key.in_(criteria.select(words, [key]))


def whole(words: Words, criteria: Criteria) -> bool:
    """Whether rows of the result are not rows of the table, so that counting them takes a query around the query."""
    extras = criteria.extras
    return (extras is not None and bool(extras.on or extras.over)) or grouped(criteria) or _repeats(words, criteria)


def _repeats(words: Words, criteria: Criteria) -> bool:
    joined = criteria.extras is not None and criteria.extras.joins
    return criteria.distinct and bool(joined or not words.table.primary_key)


def _plainly(criteria: Criteria) -> Criteria:
    """Without what an aggregate cannot have: locks."""
    extras = criteria.extras
    return criteria if extras is None or extras.lock is None else criteria.extended(extras._replace(lock=None))


def _some_columns(words: Words, criteria: Criteria) -> list[Expr[Any]]:
    """As few columns as there can be."""
    extras = criteria.extras
    if extras is None or not grouped(criteria) or by_key(words, criteria):
        return [words.table.columns[0].ref]
    # A group by a calculation with parameters is, to PostgreSQL, not the column that says the same with its own.
    columns = [one for one in extras.group if isinstance(one, Labelled) or not one.values]
    return (columns or [*extras.annotations] or [func.count()])[:1]


def _numbered(columns: list[Any]) -> list[Expr[Any]]:
    """Under names that cannot be the same."""
    return [column.label(f"c{number}") for number, column in enumerate(columns)]


def total(plan: Plan[Any], words: Words, criteria: Criteria) -> Expr[Any]:
    """How many rows there are, as a value beside each of them."""
    plain = different(words, _plainly(criteria).resorted(()))
    if not whole(words, plain):
        return plain.select(words, [func.count()]).scalar()
    columns: list[Expr[Any]] = [column.ref for column in words.table.columns] if criteria.distinct else []
    rows = plain.select(words, _numbered(columns or _some_columns(words, plain))).subquery("found")
    return Select([func.count()], rows).scalar()
