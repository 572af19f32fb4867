"""Expressions and conditions: what `User.age >= 18` builds.

Typing: `Expr[T]` takes a `T` or another expression of it, so that comparing an `int` column with a `str` is an error for a type
checker; numbers of all types compare, but a float value with decimals, as it would hardly ever be equal. For `==` and `!=` Python's own rule (everything can be compared with everything) lets such a comparison through as a
`bool`, which is then refused wherever a condition is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from ferrow.sql.calculating import Calculating
from ferrow.sql.form.logic import IS_NULL
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.ordering import Ordering
from ferrow.sql.shape import Shape
from ferrow.sql.typed import set_type as set_type
from ferrow.types import Boolean, SQLType

if TYPE_CHECKING:
    from ferrow.sql.label import Labelled
    from ferrow.sql.query import Asking, Query

    Whole: TypeAlias = "Expr[int] | Expr[int | None]"
    Decimals: TypeAlias = "Expr[Decimal] | Expr[Decimal | None]"
    Floats: TypeAlias = "Expr[float] | Expr[float | None]"
    Number: TypeAlias = "Whole | Decimals | Floats"

T = TypeVar("T")
V = TypeVar("V")


class Expr(Calculating[T]):
    """A value computed by the database, of Python type `T`.

    Comparisons follow SQL: comparing with a NULL is neither true nor false, so a row whose column is NULL matches neither
    `User.age == 18` nor `User.age != 18` nor its `~`. Only `== None`, `!= None`, `is_null()` and `is_not_null()` see NULLs.
    """

    __slots__ = ()

    # Comparing ------------------------------------------------------------------------------------------------------

    @overload  # type: ignore[override]  # the point of the class: comparison builds a condition
    def __eq__(self, other: T | Expr[T] | Expr[T | None] | None) -> Condition: ...  # pyright: ignore[reportIncompatibleMethodOverride]
    @overload
    def __eq__(self: Expr[V | None], other: Expr[V]) -> Condition: ...
    @overload
    def __eq__(self: Whole, other: float | Decimal) -> Condition: ...
    @overload
    def __eq__(self: Decimals, other: int) -> Condition: ...
    @overload
    def __eq__(self: Number, other: Number) -> Condition: ...
    def __eq__(self, other: Any) -> Condition:  # pyright: ignore[reportIncompatibleMethodOverride]
        """`self = other`; `== None` is IS NULL."""
        return operators.compare(self, "=", other) if other is not None else self.is_null()

    @overload  # type: ignore[override]
    def __ne__(self, other: T | Expr[T] | Expr[T | None] | None) -> Condition: ...  # pyright: ignore[reportIncompatibleMethodOverride]
    @overload
    def __ne__(self: Expr[V | None], other: Expr[V]) -> Condition: ...
    @overload
    def __ne__(self: Whole, other: float | Decimal) -> Condition: ...
    @overload
    def __ne__(self: Decimals, other: int) -> Condition: ...
    @overload
    def __ne__(self: Number, other: Number) -> Condition: ...
    def __ne__(self, other: Any) -> Condition:  # pyright: ignore[reportIncompatibleMethodOverride]
        """`self <> other` (rows where self is NULL do not match); `!= None` is IS NOT NULL."""
        return operators.compare(self, "<>", other) if other is not None else self.is_not_null()

    @overload
    def __lt__(self, other: T | Expr[T] | Expr[T | None]) -> Condition: ...
    @overload
    def __lt__(self: Expr[V | None], other: Expr[V]) -> Condition: ...
    @overload
    def __lt__(self: Whole, other: float | Decimal) -> Condition: ...
    @overload
    def __lt__(self: Decimals, other: int) -> Condition: ...
    @overload
    def __lt__(self: Number, other: Number) -> Condition: ...
    def __lt__(self, other: Any) -> Condition:
        """`self < other`."""
        return operators.compare(self, "<", other)

    @overload
    def __le__(self, other: T | Expr[T] | Expr[T | None]) -> Condition: ...
    @overload
    def __le__(self: Expr[V | None], other: Expr[V]) -> Condition: ...
    @overload
    def __le__(self: Whole, other: float | Decimal) -> Condition: ...
    @overload
    def __le__(self: Decimals, other: int) -> Condition: ...
    @overload
    def __le__(self: Number, other: Number) -> Condition: ...
    def __le__(self, other: Any) -> Condition:
        """`self <= other`."""
        return operators.compare(self, "<=", other)

    @overload
    def __gt__(self, other: T | Expr[T] | Expr[T | None]) -> Condition: ...
    @overload
    def __gt__(self: Expr[V | None], other: Expr[V]) -> Condition: ...
    @overload
    def __gt__(self: Whole, other: float | Decimal) -> Condition: ...
    @overload
    def __gt__(self: Decimals, other: int) -> Condition: ...
    @overload
    def __gt__(self: Number, other: Number) -> Condition: ...
    def __gt__(self, other: Any) -> Condition:
        """`self > other`."""
        return operators.compare(self, ">", other)

    @overload
    def __ge__(self, other: T | Expr[T] | Expr[T | None]) -> Condition: ...
    @overload
    def __ge__(self: Expr[V | None], other: Expr[V]) -> Condition: ...
    @overload
    def __ge__(self: Whole, other: float | Decimal) -> Condition: ...
    @overload
    def __ge__(self: Decimals, other: int) -> Condition: ...
    @overload
    def __ge__(self: Number, other: Number) -> Condition: ...
    def __ge__(self, other: Any) -> Condition:
        """`self >= other`."""
        return operators.compare(self, ">=", other)

    if TYPE_CHECKING:

        def __hash__(self) -> int: ...

    else:
        __hash__ = object.__hash__  # by identity; `__eq__` above would otherwise make expressions unhashable

    def __bool__(self) -> bool:
        msg = (
            f"{self!r} is part of a query and has no truth value in Python; combine conditions with & | ~ instead of "
            "and, or, not, and write between(low, high) instead of low <= x <= high"
        )
        raise TypeError(msg)

    @overload
    def between(self, low: T | Expr[T], high: T | Expr[T]) -> Condition: ...
    @overload
    def between(self: Expr[V | None], low: V | Expr[V], high: V | Expr[V]) -> Condition: ...
    @overload
    def between(self: Whole, low: float | Decimal | Number, high: float | Decimal | Number) -> Condition: ...
    @overload
    def between(self: Decimals, low: Decimal | int | Number, high: Decimal | int | Number) -> Condition: ...
    @overload
    def between(self: Floats, low: float | Number, high: float | Number) -> Condition: ...
    def between(self, low: Any, high: Any) -> Condition:
        """`self BETWEEN low AND high`, both ends included."""
        return operators.between(self, low, high)

    @overload
    def in_(self: Decimals, values: Iterable[Decimal | int | None]) -> Condition: ...
    @overload
    def in_(self, values: Iterable[T | None] | Query | Asking) -> Condition: ...
    def in_(self, values: Any) -> Condition:
        """Whether the value is one of `values`, or a row of a query of one column.

        None among the values means "or is NULL"; no values at all is false for every row.
        """
        return operators.membership(self, values, negated=False)

    @overload
    def not_in(self: Decimals, values: Iterable[Decimal | int | None]) -> Condition: ...
    @overload
    def not_in(self, values: Iterable[T | None] | Query | Asking) -> Condition: ...
    def not_in(self, values: Any) -> Condition:
        """Whether the value is none of `values`. As with `!=`, rows where self is NULL do not match.

        None among the values says so explicitly (and alone means IS NOT NULL); no values at all is true for every row.
        A query that yields a NULL matches no row: that is SQL's NOT IN.
        """
        return operators.membership(self, values, negated=True)

    def is_(self, value: bool | None) -> Condition:
        """`self IS NULL`, `IS TRUE` or `IS FALSE`, each of which is never unknown: `is_(None)`, `is_(True)`, `is_(False)`.

        Raises:
            TypeError: another value, or a bool for something that is not a boolean.
        """
        return operators.identity(self, value, negated=False)

    def is_not(self, value: bool | None) -> Condition:
        """The opposite of `is_`: `is_not(True)` is met by False and by NULL."""
        return operators.identity(self, value, negated=True)

    @overload
    def is_distinct_from(self: Expr[V | None], other: V | Expr[V] | Expr[V | None] | None) -> Condition: ...
    @overload
    def is_distinct_from(self, other: T | Expr[T] | Expr[T | None] | None) -> Condition: ...
    @overload
    def is_distinct_from(self: Number, other: Number) -> Condition: ...
    def is_distinct_from(self, other: Any) -> Condition:
        """`!=` to which NULL is a value like others: true where only one of the two is NULL, false where both are."""
        return operators.distinct_from(self, other, negated=False)

    @overload
    def is_not_distinct_from(self: Expr[V | None], other: V | Expr[V] | Expr[V | None] | None) -> Condition: ...
    @overload
    def is_not_distinct_from(self, other: T | Expr[T] | Expr[T | None] | None) -> Condition: ...
    @overload
    def is_not_distinct_from(self: Number, other: Number) -> Condition: ...
    def is_not_distinct_from(self, other: Any) -> Condition:
        """`==` to which NULL is a value like others: true where both are NULL."""
        return operators.distinct_from(self, other, negated=True)

    def is_null(self) -> Condition:
        """`self IS NULL`."""
        return condition((IS_NULL, self.shape, False), self.values)

    def is_not_null(self) -> Condition:
        """`self IS NOT NULL`."""
        return condition((IS_NULL, self.shape, True), self.values)

    # Truth ----------------------------------------------------------------------------------------------------------

    def __and__(self: Expr[bool] | Expr[bool | None], other: Expr[bool] | Expr[bool | None]) -> Condition:
        """Both."""
        return operators.both(self, other)

    def __or__(self: Expr[bool] | Expr[bool | None], other: Expr[bool] | Expr[bool | None]) -> Condition:
        """At least one of the two."""
        return operators.either(self, other)

    def __invert__(self: Expr[bool] | Expr[bool | None]) -> Condition:
        """`NOT self`; where self is unknown (compares with NULL), so is its opposite."""
        return operators.opposite(self)

    # Naming and sorting ---------------------------------------------------------------------------------------------

    def label(self, name: str) -> Labelled[T]:
        """Name the expression in a result: `AS name`.

        Raises:
            ProgrammingError: a name that no database accepts.
        """
        from ferrow.sql.label import Labelled

        return Labelled(self, name)

    def asc(self) -> Ordering:
        """Smallest first."""
        return Ordering(self, descending=False)

    def desc(self) -> Ordering:
        """Largest first."""
        return Ordering(self, descending=True)


class Condition(Expr[bool]):
    """An expression that is true, false or unknown for a row. Combine with `&`, `|` and `~`."""

    __slots__ = ()


_new = object.__new__
_BOOLEAN = Boolean()


def expression(shape: Shape, values: tuple[Any, ...], type: SQLType) -> Expr[Any]:
    """Make an expression."""
    made = _new(Expr)
    set_shape(made, shape)
    set_values(made, values)
    set_type(made, type)
    return made


def condition(shape: Shape, values: tuple[Any, ...]) -> Condition:
    """Make a condition."""
    made = _new(Condition)
    set_shape(made, shape)
    set_values(made, values)
    set_type(made, _BOOLEAN)
    return made


from ferrow.sql import operators  # noqa: E402  # last, because the operators build the classes above
