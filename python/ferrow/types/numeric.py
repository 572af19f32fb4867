"""Exact decimal numbers."""

from __future__ import annotations

import decimal
from typing import ClassVar, Self

from ferrow.types.base import SQLType


class Numeric(SQLType):
    """`decimal.Decimal` <-> numeric, digit for digit, trailing zeros, NaN and infinity included. An `int` is taken as well.

    With a precision and scale PostgreSQL rounds to the scale and refuses numbers beyond the precision. SQLite has no exact
    decimals of its own: they are text in a `DECIMAL_TEXT` column whose collation `decimal` compares them as numbers, and it
    enforces neither precision nor scale.
    """

    __slots__ = ()
    kind = "decimal"
    python: ClassVar[type] = decimal.Decimal
    oid: ClassVar[int | None] = 1700
    names: ClassVar[dict[str, str]] = {
        "postgresql": "numeric{limits}",
        "sqlite": "DECIMAL_TEXT COLLATE decimal",
        "mysql": "decimal{limits}",
    }

    def __new__(cls, precision: int | None = None, scale: int | None = None) -> Self:
        """Make the type: at most `precision` digits in all (1 to 1000), `scale` of them after the point (default 0).

        Raises:
            ValueError: a precision or scale outside its range, or a scale without a precision.
        """
        if precision is None:
            if scale is not None:
                msg = f"Numeric(scale={scale!r}) needs a precision too, as in Numeric(10, {scale!r})"
                raise ValueError(msg)
            return cls._known()
        if not _whole(precision) or not 1 <= precision <= 1000:
            msg = f"Numeric(precision={precision!r}): the precision is a number of digits from 1 to 1000"
            raise ValueError(msg)
        if scale is None:
            scale = 0
        if not _whole(scale) or not 0 <= scale <= precision:
            msg = f"Numeric({precision}, {scale!r}): the scale is a number of digits from 0 to the precision"
            raise ValueError(msg)
        return cls._known(precision, scale)

    @property
    def precision(self) -> int | None:
        """Digits in all, None for no limit."""
        return self.arguments[0] if self.arguments else None

    @property
    def scale(self) -> int | None:
        """Digits after the point, None for no limit."""
        return self.arguments[1] if self.arguments else None

    def name(self, dialect: str) -> str:
        """Return `numeric`, `numeric(p, s)`, or the text type SQLite keeps decimals in (with no limits)."""
        widest = "(65, 30)" if dialect == "mysql" else ""  # which has no decimals without limits
        return super().name(dialect).format(limits=f"({self.precision}, {self.scale})" if self.arguments else widest)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
