"""What the operators of `Expr` build. Python values meet their SQL type here."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ferrow.errors.shown import shortened
from ferrow.sql.expr import Condition, Expr, condition
from ferrow.sql.form.cast import CAST
from ferrow.sql.form.compare import BETWEEN, COMPARE
from ferrow.sql.form.compound import is_query
from ferrow.sql.form.distinction import DISTINCT_FROM, IS_TRUTH
from ferrow.sql.form.logic import AND, CONSTANT, IS_NULL, NOT, OR
from ferrow.sql.form.membership import IN_LIST, IN_QUERY
from ferrow.sql.node import Node
from ferrow.sql.shape import HOLES, Form, Shape
from ferrow.types import Boolean, Double, Integer, ListOf, Numeric, SQLType

if TYPE_CHECKING:
    from ferrow.sql.query import Asking, Query

TRUE_SHAPE = (CONSTANT, True)
FALSE_SHAPE = (CONSTANT, False)


def hole(type: SQLType, value: Any) -> Shape:
    """Return the hole for a value that meets an expression of `type`.

    That is a hole of the same type, so that both databases see the value as the column's own. The exception: a fraction that
    meets whole numbers keeps its type, and the statement says so, or PostgreSQL would take it for a whole number.
    """
    if value.__class__ is not type.python and isinstance(type, Integer):
        if isinstance(value, float):
            return (CAST, Double(), HOLES[Double()])
        if isinstance(value, Decimal):
            return (CAST, Numeric(), HOLES[Numeric()])
    return HOLES[type]


def compare(left: Expr[Any], operator: str, other: Any) -> Condition:
    """`left operator other`."""
    if left.quantified:
        return left.turned(other, operator)
    if isinstance(other, Expr) and other.quantified:
        return other.compared(left, operator)
    type = left.type
    if not type.ordered and operator not in _EQUALITY:
        msg = f"{operator} cannot compare {type!r} values, which have no order; only == and != can"
        raise TypeError(msg)
    if isinstance(other, Expr):
        if other.type.kind == "json" and type.kind != "json":
            from ferrow.sql.json_compare import fitted

            other = fitted(other, type)
        return condition((COMPARE, operator, left.shape, other.shape), left.values + other.values)
    if other is None:
        msg = f"None cannot be compared by {operator}; use is_null() or is_not_null()"
        raise TypeError(msg)
    return condition((COMPARE, operator, left.shape, hole(type, other)), (*left.values, other))


_EQUALITY = frozenset({"=", "<>"})


def identity(operand: Expr[Any], value: bool | None, *, negated: bool) -> Condition:
    """`operand IS [NOT] NULL`, TRUE or FALSE."""
    if value is None:
        return condition((IS_NULL, operand.shape, negated), operand.values)
    word = "is_not" if negated else "is_"
    if not isinstance(value, bool):
        msg = f"{word}() takes None, True or False, not {value!r}; use {'!=' if negated else '=='} to compare with a value"
        raise TypeError(msg)
    if not isinstance(operand.type, Boolean):
        msg = f"{word}({value}) is about booleans, and {operand!r} is {operand.type!r}"
        raise TypeError(msg)
    return condition((IS_TRUTH, operand.shape, value, negated), operand.values)


def distinct_from(left: Expr[Any], other: Any, *, negated: bool) -> Condition:
    """`left IS [NOT] DISTINCT FROM other`."""
    if other is None:
        return condition((IS_NULL, left.shape, not negated), left.values)
    right, values = side(left.type, other)
    return condition((DISTINCT_FROM, left.shape, right, negated), left.values + values)


def between(operand: Expr[Any], low: Any, high: Any) -> Condition:
    """`operand BETWEEN low AND high`."""
    if not operand.type.ordered:
        msg = f"between() cannot compare {operand.type!r} values, which have no order"
        raise TypeError(msg)
    if low is None or high is None:
        msg = f"between({low!r}, {high!r}): both ends must be given; use >= or <= for one end"
        raise TypeError(msg)
    start, start_values = side(operand.type, low)
    end, end_values = side(operand.type, high)
    return condition((BETWEEN, operand.shape, start, end), operand.values + start_values + end_values)


def membership(operand: Expr[Any], values: Iterable[Any] | Query | Asking, *, negated: bool) -> Condition:
    """`operand [NOT] IN values`, with None and emptiness given a meaning (see `Expr.in_`)."""
    asking = getattr(values, "__ferrow_query__", None)
    if asking is not None:
        values = asking()
    if isinstance(values, Node):
        if not is_query(values.shape) or len(values.columns) != 1:
            msg = f"{'not_in' if negated else 'in_'}() takes values or a query of one column, not {values!r}"
            raise TypeError(msg)
        return condition((IN_QUERY, operand.shape, values.shape, negated), operand.values + values.values)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        msg = f"{'not_in' if negated else 'in_'}({shortened(values)}) needs a list of values"
        raise TypeError(msg)
    if not operand.type.ordered:
        msg = f"{'not_in' if negated else 'in_'}() does not work on {operand.type!r} values; combine == conditions with or_()"
        raise TypeError(msg)
    given = list(values)
    items = [value for value in given if value is not None]
    if not items:
        if given:
            return condition((IS_NULL, operand.shape, negated), operand.values)
        return condition(TRUE_SHAPE if negated else FALSE_SHAPE, ())
    among = condition((IN_LIST, operand.shape, list_hole(operand.type, items), negated), (*operand.values, items))
    if len(items) == len(given) or negated:  # NOT IN leaves NULLs out by itself
        return among
    return either(among, operand.is_null())


def list_hole(type: SQLType, items: list[Any]) -> Shape:
    """Return the hole for a list of values that are compared with an expression of `type`."""
    fraction = isinstance(type, Integer) and next((v for v in items if isinstance(v, (float, Decimal))), None)
    if fraction:
        msg = f"a list that whole numbers are compared with got {fraction!r}, which is not one"
        raise TypeError(msg)
    return HOLES[ListOf(type)]


def both(left: Expr[Any], right: Expr[Any]) -> Condition:
    """`left AND right`, flat."""
    return _joined(AND, truth(left), truth(right))


def either(left: Expr[Any], right: Expr[Any]) -> Condition:
    """`left OR right`, flat."""
    return _joined(OR, truth(left), truth(right))


def _joined(form: Form, left: Expr[Any], right: Expr[Any]) -> Condition:
    a, b = left.shape, right.shape
    start = a if type(a) is tuple and a[0] is form else (form, a)
    end = b[1:] if type(b) is tuple and b[0] is form else (b,)
    return condition(start + end, left.values + right.values)


def opposite(operand: Expr[Any]) -> Condition:
    """`NOT operand`."""
    return condition((NOT, truth(operand).shape), operand.values)


def truth(operand: Any) -> Expr[Any]:
    """Return `operand` if it is a condition or a boolean expression.

    Raises:
        TypeError: anything else, such as the `bool` left over from comparing a column with a value of another type.
    """
    if not isinstance(operand, Condition) and not (isinstance(operand, Expr) and operand.type.kind == "bool"):
        msg = f"expected a condition such as User.age >= 18, not {operand!r}"
        if isinstance(operand, bool):
            msg += (
                ", which is what Python makes of two values. A dataclass or Pydantic model has values where a typed class has columns: "
                "write columns(User).age >= 18, or a keyword, age__gte=18"
            )
        raise TypeError(msg)
    return operand


def side(type: SQLType, value: Any) -> tuple[Shape, tuple[Any, ...]]:
    """Return shape and values of what is compared with an expression of `type`."""
    return (value.shape, value.values) if isinstance(value, Expr) else (hole(type, value), (value,))
