"""Arguments of functions: expressions, or Python values that become parameters."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from ferrow.sql.expr import Expr
from ferrow.sql.form.cast import CAST
from ferrow.sql.operators import hole
from ferrow.sql.promote import common_type, is_number, unlimited
from ferrow.sql.shape import HOLES, Shape
from ferrow.types import ListOf, SQLType, infer_value

Operand = tuple[Shape, tuple[Any, ...]]


def expr_of(function: str, value: Any, kinds: frozenset[str], wanted: str) -> Expr[Any]:
    """Return the first argument of a function, an expression of one of `kinds`.

    Raises:
        TypeError: it is not one.
    """
    if not isinstance(value, Expr) or value.quantified:
        msg = f"{function}() takes an expression, such as a column, not {value!r}; a value is literal({value!r})"
        raise TypeError(msg)
    if value.type.kind not in kinds:
        msg = f"{function}() takes {wanted}, and {value!r} is {value.type!r}"
        raise TypeError(msg)
    return value


def argument(function: str, value: Any, type: SQLType) -> Operand:
    """Return a further argument, of a type like `type`.

    Raises:
        TypeError: another type.
    """
    if isinstance(value, Expr):
        if value.type.kind != type.kind or value.quantified:
            msg = f"{function}() takes {type!r} here, and {value!r} is {value.type!r}"
            raise TypeError(msg)
        return value.shape, value.values
    if value is None or isinstance(value, bool) is not (type.python is bool) or not isinstance(value, type.python):
        msg = f"{function}() takes {type.python.__name__} here, not {value!r}"
        raise TypeError(msg)
    return HOLES[type], (value,)


def alike(function: str, values: Sequence[Any]) -> tuple[SQLType, list[Operand]]:
    """Bring several values, of which the result is one, to their common type.

    Numbers meet as they do in calculations; everything else must be of one type.

    Raises:
        TypeError: they have no common type, or one is None.
    """
    if any(isinstance(value, Expr) for value in values):  # whose columns say what values are stored as
        encoder = next((value for value in values if isinstance(value, Expr) and value._encodes), None)
        values = [value if isinstance(value, Expr) else _stored(encoder, value) for value in values]
    type = unlimited(_common(function, values))
    known = any(isinstance(value, Expr) for value in values)
    made: list[Operand] = []
    for value in values:
        if isinstance(value, Expr):
            fits = value.type.kind == type.kind
            made.append((value.shape if fits else (CAST, type, value.shape), value.values))
        else:
            # Without an expression among them PostgreSQL has to be told the type once.
            made.append((HOLES[type] if known or made else (CAST, type, HOLES[type]), (value,)))
    return type, made


def _stored(encoder: Expr[Any] | None, value: Any) -> Any:
    """What is sent as it is may be something else than the column's values: `coalesce(User.status, "unknown")`."""
    if encoder is not None and (isinstance(value, Enum) or not _takes(encoder.type, value)):
        return encoder._sent(value)
    return value.value if isinstance(value, Enum) else value


def _common(function: str, values: Sequence[Any]) -> SQLType:
    common: SQLType | None = None
    exprs = [value for value in values if isinstance(value, Expr)]
    for value in [*exprs, *[value for value in values if not isinstance(value, Expr)]]:
        if isinstance(value, Expr):
            if value.quantified:
                msg = f"{function}() takes values, not {value!r}"
                raise TypeError(msg)
            type = value.type
        elif value is None:
            msg = f"{function}() got None, whose type nobody knows; leave it out, or say literal(None, Integer())"
            raise TypeError(msg)
        elif common is not None and _takes(common, value):
            type = common
        else:
            type = infer_value(value)
        if common is None or common is type:
            common = type
        elif is_number(common) and is_number(type):
            common = common_type(common, type)
        elif common.kind != type.kind:
            msg = f"{function}() needs values of one type, and got {common!r} and {type!r} ({value!r})"
            raise TypeError(msg)
    assert common is not None
    return common


def _takes(type: SQLType, value: Any) -> bool:
    """Whether a value is sent as it is where `type` is expected."""
    if type.kind == "json":
        return True
    if isinstance(value, bool) is not (type.python is bool):
        return False
    if is_number(type) and isinstance(value, int):
        return True
    if isinstance(type, ListOf):
        return isinstance(value, list)
    return isinstance(value, type.python) and hole(type, value) is HOLES[type]


def joined(operands: Sequence[Operand]) -> tuple[tuple[Shape, ...], tuple[Any, ...]]:
    """Return the shapes and all values of several arguments."""
    return tuple([shape for shape, _ in operands]), tuple([value for _, values in operands for value in values])
