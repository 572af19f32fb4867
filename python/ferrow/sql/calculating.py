"""How expressions calculate: products, quotients and remainders; sums and differences are `adding.py`'s.

Numbers meet as they do in Python: whole ones with decimals are decimals, anything with a float is a float. NULL with anything is
NULL, so that a `| None` of either side is one of the result. A float value is no operand of a Decimal, as it would lose digits.
"""

# mypy takes Calculating[int] and Calculating[float] for one and the same where it looks for overlaps, as an int will do for a float.
# mypy: disable-error-code="overload-overlap"

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast, overload

from ferrow.sql.adding import Adding

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr

    V = TypeVar("V")
    Numbers: TypeAlias = "Calculating[V] | Calculating[V | None]"
    Operand: TypeAlias = "Expr[V] | Expr[V | None]"

T = TypeVar("T")


class Calculating(Adding[T]):
    """The arithmetic of every `Expr`. On values that are no numbers it raises TypeError, but for what `Adding` takes."""

    __slots__ = ()

    @overload
    def __mul__(self, other: T | Expr[T]) -> Expr[T]: ...
    @overload
    def __mul__(self: Numbers[Decimal], other: int | Expr[int]) -> Expr[T]: ...
    @overload
    def __mul__(self: Numbers[float], other: int | Decimal | Expr[int] | Expr[Decimal]) -> Expr[T]: ...
    @overload
    def __mul__(self: Calculating[int], other: Decimal | Expr[Decimal]) -> Expr[Decimal]: ...
    @overload
    def __mul__(self: Calculating[int], other: float | Expr[float]) -> Expr[float]: ...
    @overload
    def __mul__(self: Calculating[Decimal], other: Expr[float]) -> Expr[float]: ...
    @overload
    def __mul__(self: Numbers[int], other: Decimal | Operand[Decimal]) -> Expr[Decimal | None]: ...
    @overload
    def __mul__(self: Numbers[int], other: float | Operand[float]) -> Expr[float | None]: ...
    @overload
    def __mul__(self: Numbers[Decimal], other: Operand[float]) -> Expr[float | None]: ...
    @overload
    def __mul__(self: Numbers[Decimal], other: Expr[int | None]) -> Expr[T | None]: ...
    @overload
    def __mul__(self: Numbers[float], other: Expr[int | None] | Expr[Decimal | None]) -> Expr[T | None]: ...
    @overload
    def __mul__(self, other: Expr[T | None]) -> Expr[T | None]: ...
    @overload
    def __mul__(self: Calculating[V | None], other: Expr[V]) -> Expr[V | None]: ...
    def __mul__(self: Any, other: Any) -> Expr[Any]:
        """`self * other`."""
        return arithmetic.calculate(self, "*", other)

    @overload
    def __truediv__(self: Calculating[int], other: int | Expr[int]) -> Expr[float]: ...
    @overload
    def __truediv__(self: Calculating[int], other: Expr[int | None]) -> Expr[float | None]: ...
    @overload
    def __truediv__(self: Calculating[int | None], other: int | Expr[int] | Expr[int | None]) -> Expr[float | None]: ...
    @overload
    def __truediv__(self, other: T | Expr[T]) -> Expr[T]: ...
    @overload
    def __truediv__(self: Numbers[Decimal], other: int | Expr[int]) -> Expr[T]: ...
    @overload
    def __truediv__(self: Numbers[float], other: int | Decimal | Expr[int] | Expr[Decimal]) -> Expr[T]: ...
    @overload
    def __truediv__(self: Calculating[int], other: Decimal | Expr[Decimal]) -> Expr[Decimal]: ...
    @overload
    def __truediv__(self: Calculating[int], other: float | Expr[float]) -> Expr[float]: ...
    @overload
    def __truediv__(self: Calculating[Decimal], other: Expr[float]) -> Expr[float]: ...
    @overload
    def __truediv__(self: Numbers[int], other: Decimal | Operand[Decimal]) -> Expr[Decimal | None]: ...
    @overload
    def __truediv__(self: Numbers[int], other: float | Operand[float]) -> Expr[float | None]: ...
    @overload
    def __truediv__(self: Numbers[Decimal], other: Operand[float]) -> Expr[float | None]: ...
    @overload
    def __truediv__(self: Numbers[Decimal], other: Expr[int | None]) -> Expr[T | None]: ...
    @overload
    def __truediv__(self: Numbers[float], other: Expr[int | None] | Expr[Decimal | None]) -> Expr[T | None]: ...
    @overload
    def __truediv__(self, other: Expr[T | None]) -> Expr[T | None]: ...
    @overload
    def __truediv__(self: Calculating[V | None], other: Expr[V]) -> Expr[V | None]: ...
    def __truediv__(self: Any, other: Any) -> Expr[Any]:
        """`self / other`: as in Python, whole numbers give a float.

        Dividing by the value 0 is a ZeroDivisionError here; dividing by an expression that is 0 in some row is NULL in that row.
        """
        return arithmetic.calculate(self, "/", other)

    def __mod__(self: Numbers[int], other: int | Expr[int] | Expr[int | None]) -> Expr[int]:
        """Remainder of whole numbers, with SQL's sign: that of `self` (-7 % 3 is -1, where Python says 2)."""
        return arithmetic.calculate(cast("Expr[int]", self), "%", other)

    def __neg__(self: Numbers[int] | Numbers[float] | Numbers[Decimal] | Numbers[timedelta]) -> Expr[T]:
        """`-self`."""
        return arithmetic.opposite(cast("Expr[T]", self))

    # Values on the left.

    @overload
    def __rmul__(self, other: T) -> Expr[T]: ...
    @overload
    def __rmul__(self: Numbers[Decimal], other: int) -> Expr[T]: ...
    @overload
    def __rmul__(self: Numbers[float], other: int | Decimal) -> Expr[T]: ...
    @overload
    def __rmul__(self: Calculating[int], other: Decimal) -> Expr[Decimal]: ...
    @overload
    def __rmul__(self: Calculating[int], other: float) -> Expr[float]: ...
    @overload
    def __rmul__(self: Calculating[int | None], other: Decimal) -> Expr[Decimal | None]: ...
    @overload
    def __rmul__(self: Calculating[int | None], other: float) -> Expr[float | None]: ...
    def __rmul__(self: Any, other: Any) -> Expr[Any]:
        return arithmetic.calculate(self, "*", other, swapped=True)

    @overload
    def __rtruediv__(self: Calculating[int], other: int) -> Expr[float]: ...
    @overload
    def __rtruediv__(self: Calculating[int | None], other: int) -> Expr[float | None]: ...
    @overload
    def __rtruediv__(self, other: T) -> Expr[T]: ...
    @overload
    def __rtruediv__(self: Numbers[Decimal], other: int) -> Expr[T]: ...
    @overload
    def __rtruediv__(self: Numbers[float], other: int | Decimal) -> Expr[T]: ...
    @overload
    def __rtruediv__(self: Calculating[int], other: Decimal) -> Expr[Decimal]: ...
    @overload
    def __rtruediv__(self: Calculating[int], other: float) -> Expr[float]: ...
    @overload
    def __rtruediv__(self: Calculating[int | None], other: Decimal) -> Expr[Decimal | None]: ...
    @overload
    def __rtruediv__(self: Calculating[int | None], other: float) -> Expr[float | None]: ...
    def __rtruediv__(self: Any, other: Any) -> Expr[Any]:
        return arithmetic.calculate(self, "/", other, swapped=True)


from ferrow.sql import arithmetic  # noqa: E402  # last, because it builds expressions
