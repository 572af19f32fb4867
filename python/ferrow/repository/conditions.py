"""Conditions as plain objects: `C.eq("email", "ada@example.com")`. They know no model; `meaning` finds out what they say of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ferrow.repository.errors import InvalidArgument, InvalidType
from ferrow.sql import Expr

if TYPE_CHECKING:
    from ferrow.orm.q import Q


class _Combining:
    """`&`, `|` and `~` as short spellings of `C.and_`, `C.or_` and `C.not_`."""

    __slots__ = ()

    def __and__(self, other: WhereExpression) -> ConditionGroup:
        """Both."""
        return C.and_(self, other)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def __or__(self, other: WhereExpression) -> ConditionGroup:
        """At least one of the two."""
        return C.or_(self, other)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def __invert__(self) -> NotCondition:
        """SQL's NOT: a row whose column is NULL meets neither a condition nor its opposite."""
        return C.not_(self)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True, slots=True)
class Condition(_Combining):
    """One comparison; made by `C.eq("age", 18)` and its like.

    Attributes:
        col: the column, by its attribute; also a path into a JSON column (`meta__plan`) or along relations (`author__name`).
        op: one of those `C` makes: `=`, `<>`, `<`, `<=`, `>`, `>=`, `LIKE`, `ILIKE`, `IN`, `NOT IN`, `BETWEEN`, `IS NULL`, `IS NOT NULL`,
            `CONTAINS`, `STARTS WITH`, `ENDS WITH`. Anything else is an error when it is used, before anything is sent.
        value: what is compared with.
        values: for `IN`, `NOT IN` and `BETWEEN`.
        is_unary: whether there is nothing to compare with.
    """

    col: str
    op: str
    value: Any = None
    values: list[Any] | None = None
    is_unary: bool = False


@dataclass(frozen=True, slots=True)
class ConditionGroup(_Combining):
    """Several conditions joined by `operator`, "AND" or "OR"."""

    operator: str
    items: tuple[WhereExpression, ...]


@dataclass(frozen=True, slots=True)
class NotCondition(_Combining):
    """The opposite of a condition."""

    item: WhereExpression


@dataclass(frozen=True, slots=True)
class OrderBy:
    """A column to sort by, smallest first; `desc` for the largest first. `nulls`: where rows without a value go, "first" or "last";
    None is the database's habit."""

    col: str
    desc: bool = False
    nulls: Literal["first", "last"] | None = None


WhereExpression: TypeAlias = "Condition | ConditionGroup | NotCondition | Expr[bool] | Expr[bool | None] | Q"
"""What one condition can be: those of `C`, an expression such as `User.age >= 18`, a `Q`."""

WhereInput: TypeAlias = "WhereExpression | Sequence[WhereExpression] | None"
"""What `where` takes: one condition, a list of which all must hold, or None for every row."""

OrderInput: TypeAlias = "str | OrderBy | Any | Sequence[str | OrderBy | Any] | None"
"""What `order_by` takes: `OrderBy("age", desc=True)`, `"-age"`, `User.age.desc()`, or a list of them."""


class C:
    """Makes conditions. Columns are named as the model's attributes; every name is checked against the model before anything is sent.

    None means what it says: `C.eq("city", None)` finds the rows without a city, `C.in_("city", ["Rome", None])` them too.
    """

    __slots__ = ()

    @staticmethod
    def eq(col: str, val: Any) -> Condition:
        """`col = val`; with None, IS NULL."""
        return Condition(col, "=", val)

    @staticmethod
    def ne(col: str, val: Any) -> Condition:
        """`col <> val`, which rows without a value do not meet; with None, IS NOT NULL."""
        return Condition(col, "<>", val)

    @staticmethod
    def lt(col: str, val: Any) -> Condition:
        """`col < val`."""
        return Condition(col, "<", val)

    @staticmethod
    def le(col: str, val: Any) -> Condition:
        """`col <= val`."""
        return Condition(col, "<=", val)

    @staticmethod
    def gt(col: str, val: Any) -> Condition:
        """`col > val`."""
        return Condition(col, ">", val)

    @staticmethod
    def ge(col: str, val: Any) -> Condition:
        """`col >= val`."""
        return Condition(col, ">=", val)

    @staticmethod
    def between(col: str, low: Any, high: Any) -> Condition:
        """`col BETWEEN low AND high`, both ends included."""
        return Condition(col, "BETWEEN", None, [low, high])

    @staticmethod
    def like(col: str, pattern: str) -> Condition:
        """Whether a text matches a pattern, in which `%` stands for any text and `_` for one character; case counts."""
        return Condition(col, "LIKE", pattern)

    @staticmethod
    def ilike(col: str, pattern: str) -> Condition:
        """`like` where case does not count."""
        return Condition(col, "ILIKE", pattern)

    @staticmethod
    def contains(col: str, text: Any) -> Condition:
        """Whether a text contains another, taken literally; whether a column of lists has an element."""
        return Condition(col, "CONTAINS", text)

    @staticmethod
    def startswith(col: str, text: str) -> Condition:
        """Whether a text begins with another, taken literally."""
        return Condition(col, "STARTS WITH", text)

    @staticmethod
    def endswith(col: str, text: str) -> Condition:
        """Whether a text ends with another, taken literally."""
        return Condition(col, "ENDS WITH", text)

    @staticmethod
    def is_null(col: str) -> Condition:
        """`col IS NULL`."""
        return Condition(col, "IS NULL", is_unary=True)

    @staticmethod
    def is_not_null(col: str) -> Condition:
        """`col IS NOT NULL`."""
        return Condition(col, "IS NOT NULL", is_unary=True)

    @staticmethod
    def in_(col: str, values: Iterable[Any]) -> Condition:
        """Whether the value is one of these; none at all match no row."""
        return Condition(col, "IN", None, _listed("in_", col, values))

    @staticmethod
    def not_in(col: str, values: Iterable[Any]) -> Condition:
        """Whether there is a value, and it is none of these; none at all match every row."""
        return Condition(col, "NOT IN", None, _listed("not_in", col, values))

    @staticmethod
    def and_(*items: WhereExpression | Sequence[WhereExpression]) -> ConditionGroup:
        """All of them, given one by one or as one list.

        Raises:
            ValueError: none at all.
            TypeError: something that is no condition.
        """
        return ConditionGroup("AND", _grouped(items))

    @staticmethod
    def or_(*items: WhereExpression | Sequence[WhereExpression]) -> ConditionGroup:
        """At least one of them, given one by one or as one list. Raises as `and_`."""
        return ConditionGroup("OR", _grouped(items))

    @staticmethod
    def not_(item: WhereExpression) -> NotCondition:
        """The opposite. A row whose column is NULL meets neither. Raises TypeError for what is no condition."""
        return NotCondition(_checked(item))


def is_condition(value: object) -> bool:
    """Whether it is one condition of any spelling."""
    if isinstance(value, (Condition, ConditionGroup, NotCondition, Expr)):
        return True
    from ferrow.orm.q import Q

    return isinstance(value, Q)


def says(one: Any) -> bool:
    """Whether a condition leaves anything out: `Q()`, and what is made of nothing else, does not."""
    if one.__class__ is Condition:
        return True
    if isinstance(one, ConditionGroup):
        return not one.items or any(says(item) for item in one.items)
    if isinstance(one, NotCondition):
        return says(one.item)
    from ferrow.orm.q import Q

    return bool(one) if isinstance(one, Q) else True


def _checked(item: Any) -> WhereExpression:
    if not is_condition(item):
        raise InvalidType(f"expected a condition, such as C.eq('age', 18) or User.age == 18, not {item!r}")
    found: WhereExpression = item
    return found


def _grouped(items: tuple[Any, ...]) -> tuple[WhereExpression, ...]:
    if len(items) == 1 and isinstance(items[0], Sequence) and not isinstance(items[0], (str, bytes)):
        items = tuple(items[0])
    if not items:
        raise InvalidArgument("Grouped condition must contain at least one expression.")
    return tuple([_checked(item) for item in items])


def _listed(name: str, col: str, values: Any) -> list[Any]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise InvalidType(f"C.{name}({col!r}, {values!r}): give a list of values")
    return list(values)
