"""What the arithmetic of expressions builds."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ferrow.sql import moments
from ferrow.sql.adding import Adding
from ferrow.sql.form.arithmetic import ADD, CONCAT, DIVIDE, MULTIPLY
from ferrow.sql.form.cast import CAST
from ferrow.sql.promote import common_type, is_number
from ferrow.sql.shape import HOLES, Shape
from ferrow.types import Double, Integer, Numeric, SQLType, Text
from ferrow.types.duration import Duration

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr


def calculate(left: Expr[Any], operator: str, other: Any, *, swapped: bool = False) -> Expr[Any]:
    """`left operator other`; `swapped` if the other stands on the left."""
    from ferrow.sql.expr import expression

    if operator == "+" and isinstance(left.type, Text):
        return _concatenated(left, other, swapped=swapped)
    if operator in "+-" and moments.concerns(left.type):
        return moments.calculate(left, operator, other, swapped=swapped)
    _must_be_number(left.type, operator)
    shape, values, type = _number(left.type, other, operator)
    result = common_type(left.type, type)
    if operator == "/" and isinstance(result, Integer):
        result = Double()
        if not isinstance(other, Adding):
            # A dividend has to say its type: PostgreSQL would take that of the whole numbers it is divided by.
            shape = (CAST, result, HOLES[result]) if swapped else HOLES[result]
    if operator == "%" and not isinstance(result, Integer):
        msg = f"% works on whole numbers only, not on {left.type!r} and {type!r}"
        raise TypeError(msg)
    if operator in "/%" and not swapped and not isinstance(other, Adding) and other == 0:
        msg = f"{left!r} {operator} 0"
        raise ZeroDivisionError(msg)
    pair = (shape, left.shape) if swapped else (left.shape, shape)
    both_values = values + left.values if swapped else left.values + values
    if isinstance(result, Numeric):
        result = Numeric()  # the result has other limits than its operands
    form = ADD if operator in "+-" else DIVIDE
    built = (MULTIPLY, result, *pair) if operator == "*" else (form, result, operator, *pair)
    return expression(built, both_values, result)


def opposite(operand: Expr[Any]) -> Expr[Any]:
    """`-operand`."""
    if isinstance(operand.type, Duration):
        return moments.opposite(operand)
    _must_be_number(operand.type, "-")
    return calculate(operand, "*", -1)


def _must_be_number(type: SQLType, operator: str) -> None:
    if not is_number(type):
        msg = f"{operator} works on numbers (+ on texts, + and - on dates and times with a date), not on {type!r}"
        raise TypeError(msg)


def _number(type: SQLType, other: Any, operator: str) -> tuple[Shape, tuple[Any, ...], SQLType]:
    if isinstance(other, Adding):
        _must_be_number(other.type, operator)
        return other.shape, other.values, other.type
    if isinstance(other, bool) or not isinstance(other, (int, float, Decimal)):
        msg = f"{operator} needs a number, not {other!r}"
        raise TypeError(msg)
    if isinstance(type, Numeric) and isinstance(other, float):
        msg = f"{operator} of a Decimal column and the float {other!r} would lose digits; use Decimal({str(other)!r})"
        raise TypeError(msg)
    if isinstance(type, Integer) and isinstance(other, (float, Decimal)):
        meant = Double() if isinstance(other, float) else Numeric()
        return (CAST, meant, HOLES[meant]), (other,), meant
    return HOLES[type], (other,), type


def _concatenated(left: Expr[Any], other: Any, *, swapped: bool) -> Expr[Any]:
    from ferrow.sql.expr import expression

    if not isinstance(other.type if isinstance(other, Adding) else Text() if isinstance(other, str) else None, Text):
        msg = f"a text can only be joined with a text, not with {other!r}"
        raise TypeError(msg)
    shape, values = (other.shape, other.values) if isinstance(other, Adding) else (HOLES[Text()], (other,))
    if swapped:
        return expression((CONCAT, Text(), shape, left.shape), values + left.values, Text())
    return expression((CONCAT, Text(), left.shape, shape), left.values + values, Text())
