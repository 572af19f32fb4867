"""CASE."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.case import CASE
from ferrow.sql.logic import Truth
from ferrow.sql.operand import alike
from ferrow.sql.operators import truth

T = TypeVar("T")


@overload
def case(*whens: tuple[Truth, Expr[T]], else_: Expr[T]) -> Expr[T]: ...
@overload
def case(*whens: tuple[Truth, Expr[T]], else_: None = None) -> Expr[T | None]: ...
@overload
def case(*whens: tuple[Truth, T | Expr[T]], else_: T | Expr[T]) -> Expr[T]: ...
@overload
def case(*whens: tuple[Truth, T | Expr[T]], else_: None = None) -> Expr[T | None]: ...
def case(*whens: tuple[Any, Any], else_: Any = None) -> Expr[Any]:
    """Return the value beside the first condition that is met: `case((age < 18, "young"), (age < 65, "adult"), else_="old")`.

    Args:
        whens: pairs of a condition and a value, which is a Python value or an expression. A condition that is unknown
            (compares with NULL) is not met.
        else_: the value where no condition is met; NULL by default.

    Raises:
        TypeError: no pairs, something that is not a condition, or values of different types (numbers of all kinds are alike).
    """
    pairs: list[tuple[Any, Any]] = []
    for when in whens:
        if not isinstance(when, tuple) or len(when) != 2:
            msg = f"case() takes pairs, as in case((User.age >= 18, 'adult'), else_='child'), not {when!r}"
            raise TypeError(msg)
        pairs.append(when)
    if not pairs:
        msg = "case() needs at least one pair of a condition and a value"
        raise TypeError(msg)
    results = [value for _, value in pairs] + ([] if else_ is None else [else_])
    type, operands = alike("case", results)
    shapes: list[Any] = []
    values: list[Any] = []
    for (condition, _), (shape, given) in zip(pairs, operands, strict=False):
        shapes.append((truth(condition).shape, shape))
        values += [*condition.values, *given]
    otherwise = None
    if else_ is not None:
        otherwise, given = operands[-1]
        values += given
    return expression((CASE, type, tuple(shapes), otherwise), tuple(values), type)
