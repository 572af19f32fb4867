"""What conditions and orders say of one model: the nodes of `ferrow.sql`, with every name checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, UnknownColumn, nearest
from ferrow.orm.lookup import Lookup
from ferrow.orm.operators import OPERATORS, Operator
from ferrow.orm.q import Q
from ferrow.repository.conditions import Condition, ConditionGroup, NotCondition, OrderBy, is_condition, says
from ferrow.repository.errors import InvalidArgument, InvalidType
from ferrow.sql import Expr, Ordering, and_, not_, or_
from ferrow.sql.expr import condition
from ferrow.sql.operators import truth
from ferrow.sql.value import cast
from ferrow.types import Enum, Text, TextEnum

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.words import Words
    from ferrow.repository.conditions import OrderInput, WhereInput
    from ferrow.sql import Condition as Node

Meant = Callable[[Any], tuple[Any, tuple[Any, ...]]]

_KEYWORDS = {
    "=": "eq",
    "<>": "ne",
    "!=": "ne",
    "<": "lt",
    "<=": "lte",
    ">": "gt",
    ">=": "gte",
    "LIKE": "like",
    "ILIKE": "ilike",
    "CONTAINS": "contains",
    "STARTS WITH": "startswith",
    "ENDS WITH": "endswith",
    "IN": "in",
    "NOT IN": "notin",
    "IS NULL": "isnull",
    "IS NOT NULL": "isnotnull",
    "BETWEEN": "between",
}
"""The operators of `Condition`, as keyword filters call them."""

_PATTERNS = frozenset({"like", "ilike", "contains", "startswith", "endswith"})


class Understanding:
    """The conditions and orders of one model; each column with an operator is understood once."""

    __slots__ = ("_known", "words")

    def __init__(self, words: Words) -> None:
        self.words: Words = words
        self._known: dict[tuple[str, str, bool], Meant] = {}

    def where(self, given: WhereInput) -> tuple[Node, ...]:
        """The conditions, all of which must hold.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            ProgrammingError: an operator that does not exist, or does not go with the column (a ValueError).
            DataError: a value of another type than the column's.
            TypeError: something that is no condition.
        """
        if given is None:
            return ()
        if given.__class__ is Condition:
            return (self._compared(given),)  # pyright: ignore[reportArgumentType]
        if is_condition(given):
            return (self.node(given),) if says(given) else ()
        if isinstance(given, (str, bytes, dict)) or not isinstance(given, Sequence):
            raise InvalidType(
                f"where takes a condition such as C.eq('age', 18), or a list of them, all of which must hold; not {type(given).__name__}"
            )
        return tuple([self.node(one) for one in given if says(one)])

    def node(self, one: Any) -> Node:
        """One condition. Raises as `where`."""
        if isinstance(one, Condition):
            return self._compared(one)
        if isinstance(one, ConditionGroup):
            parts = [self.node(item) for item in one.items if says(item)]
            if not parts:
                raise InvalidArgument("Grouped condition must contain at least one expression.")
            word = str(one.operator).strip().upper()
            if word not in ("AND", "OR"):
                raise InvalidArgument(f"ConditionGroup({one.operator!r}, ...): conditions are joined by AND or OR")
            return and_(*parts) if word == "AND" else or_(*parts)
        if isinstance(one, NotCondition):
            return not_(self.node(one.item))
        if isinstance(one, Q):
            return one.resolved(self.words)
        if isinstance(one, Expr):
            found = truth(one)
            return condition(found.shape, found.values)
        raise InvalidType(f"expected a condition, such as C.eq('age', 18) or User.age == 18, not {one!r}")

    def _compared(self, one: Condition) -> Node:
        if not isinstance(one.col, str):
            raise unknown(self.words, one.col)
        known = self._known.get((one.col, one.op, one.values is None)) if isinstance(one.op, str) else None
        if known is None:
            known = self._understood(one)
        if one.is_unary and not one.op.strip().upper().endswith("NULL"):
            raise InvalidArgument(
                f"Condition({one.col!r}, {one.op!r}, is_unary=True): only IS NULL and IS NOT NULL compare with nothing"
            )
        shape, values = known(one.value if one.values is None else one.values)
        return condition(shape, values)

    def _understood(self, one: Condition) -> Meant:
        operator = one.op.strip().upper() if isinstance(one.op, str) else ""
        name = _KEYWORDS.get(operator)
        if name is None:
            raise InvalidArgument(
                f"Condition({one.col!r}, {one.op!r}): {one.op!r} is not an operator. {nearest(str(one.op), _KEYWORDS)}"
            )
        if (name in ("in", "notin", "between")) != (one.values is not None):
            raise InvalidArgument(
                f"Condition({one.col!r}, {one.op!r}, {one.value!r}, {one.values!r}): IN, NOT IN and BETWEEN take values=[...], others value"
            )
        column = self.words.table.by_key.get(one.col)
        if column is not None:
            meant: Meant = _meant(column, name)
        elif name != "between" and _is_path(self.words, one.col):
            looked = self.words.lookup(f"{one.col}__{name}")
            meant = (lambda _: looked(True)) if name in ("isnull", "isnotnull") else looked
        else:
            raise unknown(self.words, one.col)
        if len(self._known) < 2_000:
            self._known[one.col, one.op, one.values is None] = meant
        return meant

    def order(self, given: OrderInput) -> tuple[Ordering, ...]:
        """The terms to sort by.

        Raises:
            UnknownColumn: no such column.
            ProgrammingError: its values have no order.
            TypeError: something that is no term.
        """
        if given is None:
            return ()
        if isinstance(given, (str, OrderBy, Ordering, Expr)):
            return (self._term(given),)
        if not isinstance(given, Sequence):
            raise InvalidType(f"order_by takes OrderBy('age'), 'age', or a list of them, not {given!r}")
        return tuple([self._term(one) for one in given])

    def _term(self, one: Any) -> Ordering:
        if isinstance(one, OrderBy):
            words = self.words
            if not isinstance(one.col, str) or (one.col not in words.table.by_key and not _is_path(words, one.col)):
                raise unknown(words, one.col)
            made = words.ordering(one.col, desc=bool(one.desc))
            if one.nulls is None:
                return made
            if one.nulls not in ("first", "last"):
                raise InvalidArgument(f"OrderBy({one.col!r}, nulls={one.nulls!r}): nulls go 'first' or 'last'")
            return made.nulls_first() if one.nulls == "first" else made.nulls_last()
        if isinstance(one, (str, Ordering, Expr)):
            return self.words.ordering(one)
        raise InvalidType(f"order_by takes OrderBy('age'), 'age' or 'age' with - before it, not {one!r}")


def unknown(words: Words, name: Any) -> UnknownColumn:
    """The error for a column that is none."""
    return UnknownColumn(f"{words.table.label} has no column {name!r}. {nearest(str(name), words.table.by_key)}")


def _is_path(words: Words, name: Any) -> bool:
    """Whether a name leads somewhere: into a JSON column, or along a relation. What it says there is checked by `words`."""
    first = name.partition("__")[0] if isinstance(name, str) and "__" in name else ""
    column = next((c for key, c in words.table.by_key.items() if name.startswith(f"{key}__")), None) if first else None
    return first in words.table.relations or (column is not None and column.type.kind == "json")


def _meant(column: Column, name: str) -> Meant:
    label = f"{column.key} ({name})"
    if name == "between":
        return lambda values: _between(column, values)
    if name in _PATTERNS and isinstance(column.type, (Enum, TextEnum)):
        # A pattern is about the stored word, and no member of the enumeration.
        ref = cast(column.ref, Text())
        return lambda pattern: _matched(ref, name, label, pattern)
    if name in ("isnull", "isnotnull"):
        made = column.ref.is_null() if name == "isnull" else column.ref.is_not_null()
        return lambda _: (made.shape, made.values)
    return Lookup(label, column, name, OPERATORS[name])


def _matched(ref: Expr[Any], name: str, label: str, pattern: Any) -> tuple[Any, tuple[Any, ...]]:
    operator: Operator = OPERATORS[name]
    try:
        made = operator.build(ref, pattern)
    except (TypeError, ValueError) as error:
        raise DataError(f"{label}: {error}") from error
    return made.shape, made.values


def _between(column: Column, values: Any) -> tuple[Any, tuple[Any, ...]]:
    low, high = _pair(column, values)
    lower, upper = _meant(column, "gte"), _meant(column, "lte")
    (start, first), (end, second) = lower(low), upper(high)
    made = and_(condition(start, first), condition(end, second))
    return made.shape, made.values


def _pair(column: Column, values: Any) -> tuple[Any, Any]:
    if len(values) != 2 or values[0] is None or values[1] is None:
        raise InvalidArgument(f"C.between({column.key!r}, ...) takes both ends; for one there are C.ge and C.le")
    return values[0], values[1]
