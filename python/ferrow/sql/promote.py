"""Which type two numbers of different types meet in."""

from __future__ import annotations

from ferrow.types import BigInteger, Double, Integer, Numeric, SQLType, Text

_NUMBERS = (Integer, Double, Numeric)


def is_number(type: SQLType) -> bool:
    """Return whether the type is one of whole, floating or decimal numbers."""
    return isinstance(type, _NUMBERS)


def unlimited(type: SQLType) -> SQLType:
    """Return the type without a length or precision, which a cast would cut values to."""
    if isinstance(type, Text):
        return Text()
    return Numeric() if isinstance(type, Numeric) else type


def common_type(left: SQLType, right: SQLType) -> SQLType:
    """Return the type in which `left` and `right` are compared or calculated; `left` for anything but two number types.

    Whole numbers meet in the larger size, whole and decimal in Numeric, anything with a float in Double.
    """
    if left is right or not (is_number(left) and is_number(right)):
        return left
    if isinstance(left, Double) or isinstance(right, Double):
        return Double()
    if isinstance(left, Numeric) or isinstance(right, Numeric):
        return Numeric()
    return BigInteger() if BigInteger() in (left, right) else Integer()


def wider(left: SQLType, right: SQLType) -> SQLType:
    """Return the type of a column that has values of both: as `common_type`, and texts of different lengths are texts of any."""
    if left is not right and isinstance(left, Text) and isinstance(right, Text):
        return Text()
    return common_type(left, right)
