"""Comparing what stands in documents: with values of the same JSON type, whatever the other rows hold."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from ferrow.sql import operators
from ferrow.sql.expr import Condition, Expr, condition, expression
from ferrow.sql.form.compare import COMPARE
from ferrow.sql.form.json import JSON_AS, JSON_CONTAINS, JSON_HAS, JSON_HOLDS, JSON_NULL, JSON_NUMBER
from ferrow.sql.form.membership import IN_LIST
from ferrow.sql.matching import literally
from ferrow.sql.node import Node
from ferrow.sql.shape import HOLES, Shape
from ferrow.sql.typed import Typed
from ferrow.types import BigInteger, Boolean, Double, Integer, Json, ListOf, Numeric, SQLType, Text

if TYPE_CHECKING:
    from ferrow.sql.json_path import JsonPath

_AS: dict[str, SQLType] = {
    "text": Text(),
    "collated": Text(),
    "int": BigInteger(),
    "float": Double(),
    "number": Numeric(),
    "decimal": Numeric(),
    "bool": Boolean(),
    "length": Integer(),
}

_BY_KIND = {"text": "text", "int": "int", "float": "float", "decimal": "decimal", "bool": "bool"}


def is_json(operand: Any) -> bool:
    """Return whether an expression yields documents."""
    return isinstance(operand, Expr) and isinstance(operand.type, Json)


def value_as(what: str, operand: Expr[Any]) -> Expr[Any]:
    """Return a document as a value of SQL, NULL where it is of another type (see `JsonAnswers.value`)."""
    if not is_json(operand):
        msg = f"{operand!r} is {operand.type!r} and no document"
        raise TypeError(msg)
    type = _AS[what]
    return expression((JSON_AS, type, what, operand.shape), operand.values, type)


def fitted(operand: Expr[Any], type: SQLType) -> Expr[Any]:
    """Return a document as what can be compared with an expression of `type`. Raises TypeError if nothing can."""
    if isinstance(type, Json):
        return operand
    what = _BY_KIND.get(type.kind)
    if what is None:
        msg = f"JSON has no values to compare with {type!r}; compare with a text"
        raise TypeError(msg)
    return value_as("number" if what in ("int", "float") else what, operand)


def document(value: Any) -> tuple[Shape, tuple[Any, ...]]:
    """Return shape and values of a Python value as a document; None is JSON's null.

    Raises:
        TypeError: JSON has no such value.
    """
    if value is None:
        return (JSON_NULL,), ()
    if isinstance(value, Decimal):
        return (JSON_NUMBER, HOLES[Numeric()]), (_finite(value),)
    _check(value)
    return HOLES[Json()], (value,)


def compare(path: JsonPath[Any], operator: str, other: Any) -> Condition:
    """`path operator other`; other may be None for `=` and `<>` only."""
    equality = operator in ("=", "<>")
    if isinstance(other, Expr):
        if is_json(other) and not equality:
            msg = f"{operator} cannot compare two documents; say what they are: as_text(), as_int(), as_float(), as_decimal()"
            raise TypeError(msg)
        return operators.compare(fitted(path, other.type), operator, other)
    if other is None and equality:
        return path.is_null() if operator == "=" else path.is_not_null()
    if not equality and getattr(other, "tzinfo", None) is not None:
        msg = (
            f"{operator} cannot compare {other!r}: documents keep moments as texts, which do not sort across time zones"
        )
        raise TypeError(msg)
    other = path.sent(other)
    if path.guide is not None and path.guide.decimal and other is not None:
        return operators.compare(value_as("decimal", path), operator, _number(other))
    if equality:
        shape, values = document(other)
        return condition((COMPARE, operator, path.shape, shape), path.values + values)
    return operators.compare(*_ordered(path, operator, other))


def between(path: JsonPath[Any], low: Any, high: Any) -> Condition:
    """`path BETWEEN low AND high`."""
    if low is None or high is None:
        msg = f"between({low!r}, {high!r}): both ends must be given; use >= or <= for one end"
        raise TypeError(msg)
    return compare(path, ">=", low) & compare(path, "<=", high)


def membership(path: JsonPath[Any], values: Any, *, negated: bool) -> Condition:
    """`path [NOT] IN values`, None meaning "or is NULL"."""
    name = "not_in" if negated else "in_"
    if isinstance(values, (str, bytes, Node)) or not isinstance(values, Iterable):
        msg = f"{name}({values!r}) needs a list of values" + (
            f"; for a query say what the document is: as_text().{name}(...)" if isinstance(values, Node) else ""
        )
        raise TypeError(msg)
    given = [None if value is None else path.sent(value) for value in values]
    items = [value for value in given if value is not None]
    if path.guide is not None and path.guide.decimal:
        return operators.membership(
            value_as("decimal", path), [None if value is None else _number(value) for value in given], negated=negated
        )
    if not items:
        return operators.membership(value_as("text", path), (), negated=negated) if not given else _null(path, negated)
    items = [_exact(value) for value in items]
    for value in items:
        _check(value)
    among = condition((IN_LIST, path.shape, HOLES[ListOf(Json())], negated), (*path.values, items))
    return among if len(items) == len(given) or negated else operators.either(among, path.is_null())


def _null(path: JsonPath[Any], negated: bool) -> Condition:
    return path.is_not_null() if negated else path.is_null()


def contains(operand: Expr[Any], value: Any) -> Condition:
    """`operand @> value`."""
    shape, values = document(value)
    return condition((JSON_CONTAINS, operand.shape, shape), operand.values + values)


def holds(operand: Expr[Any], value: Any) -> Condition:
    """A text in a text, an item in an array, a document in a document."""
    if not isinstance(value, str):
        return contains(operand, value)
    pattern = f"%{literally(value)}%"
    shape = (JSON_HOLDS, operand.shape, HOLES[Text()], HOLES[Json()])
    return condition(shape, (*operand.values, pattern, value))


def has(operand: Typed[Any], key: Any) -> Condition:
    """Whether an object has `key`."""
    if not is_json(operand):
        msg = f"{operand!r} is {operand.type!r} and no document: it has no keys"
        raise TypeError(msg)
    if not isinstance(key, str):
        msg = f"a key is a str, not {key!r}"
        raise TypeError(msg)
    return condition((JSON_HAS, operand.shape, HOLES[Text()]), (*operand.values, key))


def _ordered(path: JsonPath[Any], operator: str, other: Any) -> tuple[Expr[Any], str, Any]:
    if isinstance(other, bool):
        return value_as("bool", path), operator, other
    if isinstance(other, (int, float, Decimal)):
        return value_as("number", path), operator, _number(other)
    if isinstance(other, str):
        return value_as("collated", path), operator, other
    msg = f"{operator} compares numbers, texts and booleans in documents, not {other!r}"
    raise TypeError(msg)


def _number(value: Any) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        msg = f"{value!r} is no number"
        raise TypeError(msg)
    # A float is written into documents by its shortest digits, and compared by them.
    return value if isinstance(value, int) else _finite(Decimal(repr(value)) if isinstance(value, float) else value)


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        msg = f"JSON has no {value}"
        raise ValueError(msg)
    return value


def _exact(value: Any) -> Any:
    """A Decimal among other values, as the float or int it equals."""
    if not isinstance(value, Decimal):
        return value
    for plain in (int(_finite(value)), float(value)):
        if Decimal(repr(plain)) == value:
            return plain
    msg = f"{value!r} has more digits than a float and cannot stand in a list of JSON values; combine == conditions with or_()"
    raise TypeError(msg)


def _check(value: Any) -> None:
    if isinstance(value, float) and not isfinite(value):
        msg = f"JSON has no {value}"
        raise ValueError(msg)
    if not isinstance(value, (str, int, float, bool, dict, list, tuple)):
        msg = f"JSON has no {type(value).__name__}: compare {value!r} in the form in which the document has it"
        raise TypeError(msg)
