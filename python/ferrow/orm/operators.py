"""The operators of keyword filters: `age__gte=18` is column `age`, operator `gte`, value 18."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Literal

from ferrow.sql import Condition, Expr

Takes = Literal["value", "pattern", "list", "flag", "item", "items"]


class Operator:
    """One operator.

    `takes` says what stands on the right: a value of the column's type, a text to match, a list of values, True/False, or, for a
    column of lists, one element or several.
    `ordered` is whether the column's values must have an order.
    """

    __slots__ = ("build", "ordered", "takes")

    def __init__(
        self, build: Callable[[Expr[Any], Any], Condition], takes: Takes = "value", *, ordered: bool = False
    ) -> None:
        self.build: Callable[[Expr[Any], Any], Condition] = build
        self.takes = takes
        self.ordered: bool = ordered


def _is_null(column: Expr[Any], flag: bool) -> Condition:
    return column.is_null() if flag else column.is_not_null()


def _is_not_null(column: Expr[Any], flag: bool) -> Condition:
    return column.is_not_null() if flag else column.is_null()


def _method(name: str) -> Callable[[Expr[Any], Any], Condition]:
    # Called by name, so that a column with methods of its own (one that encodes its values) is asked itself.
    return lambda column, value: getattr(column, name)(value)


def _has(column: Expr[Any], item: Any) -> Condition:
    from ferrow.sql import any_

    condition: Condition = item == any_(column)
    return condition


OPERATORS: dict[str, Operator] = {
    "eq": Operator(operator.eq),
    "ne": Operator(operator.ne),
    "gt": Operator(operator.gt, ordered=True),
    "gte": Operator(operator.ge, ordered=True),
    "lt": Operator(operator.lt, ordered=True),
    "lte": Operator(operator.le, ordered=True),
    "in": Operator(_method("in_"), "list", ordered=True),
    "notin": Operator(_method("not_in"), "list", ordered=True),
    "like": Operator(_method("like"), "pattern"),
    "ilike": Operator(_method("ilike"), "pattern"),
    "contains": Operator(_method("contains"), "pattern"),
    "icontains": Operator(_method("icontains"), "pattern"),
    "startswith": Operator(_method("startswith"), "pattern"),
    "istartswith": Operator(_method("istartswith"), "pattern"),
    "endswith": Operator(_method("endswith"), "pattern"),
    "iendswith": Operator(_method("iendswith"), "pattern"),
    "regex": Operator(_method("matches"), "pattern"),
    "iregex": Operator(_method("imatches"), "pattern"),
    "contains_all": Operator(_method("contains_all"), "items"),
    "contained_by": Operator(_method("contained_by"), "items"),
    "overlaps": Operator(_method("overlaps"), "items"),
    "isnull": Operator(_is_null, "flag"),
    "isnotnull": Operator(_is_not_null, "flag"),
}
"""Every operator by its keyword. A new one is a line here."""

OF_LISTS: dict[str, Operator] = {"contains": Operator(_has, "item")}
"""Operators that mean something else for a column of lists."""
