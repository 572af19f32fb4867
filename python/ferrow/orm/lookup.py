"""One keyword of a filter, understood: `age__gte`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, ProgrammingError
from ferrow.errors.shown import shortened
from ferrow.orm.fitting import fits, named
from ferrow.orm.operators import OF_LISTS, Operator
from ferrow.sql import Expr, Statement
from ferrow.types import ListOf, Text

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.sql.shape import Shape


class Lookup:
    """A column and an operator. Calling it with a value gives the condition, as shape and values.

    The shape depends on the type of the value only (`None` and lists apart), so it is remembered by type: the second
    `filter(age__gte=x)` builds nothing.
    """

    __slots__ = ("_known", "column", "keyword", "name", "operator")

    def __init__(self, keyword: str, column: Column, name: str, operator: Operator) -> None:
        """Raises ProgrammingError if the operator does not go with the column's type."""
        if isinstance(column.type, ListOf):
            operator = OF_LISTS.get(name, operator)
        elif operator.takes == "items":
            msg = f"{keyword}: {name!r} looks into lists, and {named(column)} is {column.type!r}"
            raise ProgrammingError(msg)
        self.keyword: str = keyword
        self.column: Column = column
        self.operator: Operator = operator
        self.name: str = name
        self._known: dict[type, Shape] = {}
        if operator.takes == "pattern" and not isinstance(column.type, Text):
            msg = f"{keyword}: {name!r} matches texts, and {named(column)} is {column.type!r}"
            raise ProgrammingError(msg)
        if operator.ordered and not column.type.ordered:
            msg = f"{keyword}: {name!r} needs values with an order, and {named(column)} is {column.type!r}"
            raise ProgrammingError(msg)

    def __call__(self, value: Any) -> tuple[Shape, tuple[Any, ...]]:
        """Return the condition.

        Raises:
            DataError: a value of another type than the column's.
        """
        shape = self._known.get(value.__class__)
        if shape is not None:
            return shape, (value,)
        self._check(value)
        try:
            condition = self.operator.build(self.column.ref, value)
        except (TypeError, ValueError) as error:
            msg = f"{self.keyword}={shortened(value)}: {error}"
            raise DataError(msg) from error
        if self._remembers(value, condition.values):
            self._known[value.__class__] = condition.shape
        return condition.shape, condition.values

    def _remembers(self, value: Any, values: tuple[Any, ...]) -> bool:
        # A pattern may be written around the value, and an encoder may refuse the next value of the same type.
        plain = self.operator.takes == "value" or self.name in ("like", "ilike")
        return plain and len(values) == 1 and values[0] is value and self.column.encode is None

    def _check(self, value: Any) -> None:
        takes = self.operator.takes
        if isinstance(value, (Expr, Statement)) or hasattr(value, "__ferrow_query__"):
            return
        if takes == "flag":
            if not isinstance(value, bool):
                msg = f"{self.keyword} takes True or False, not {shortened(value)}"
                raise DataError(msg)
        elif takes == "item":
            if value is None:
                msg = f"{self.keyword}=None: an element that is NULL equals nothing"
                raise DataError(msg)
        elif takes in ("list", "items"):
            self._check_list(value, each=takes == "list")
        elif takes == "value":
            if value is None and self.operator.ordered:
                msg = f"{self.keyword}=None: nothing is greater or less than NULL; use {self.column.key}__isnull=True"
                raise DataError(msg)
            self._fits(value)
        # A pattern is checked by the expression itself.

    def _check_list(self, value: Any, *, each: bool) -> None:
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            msg = f"{self.keyword} takes a list of values, not {shortened(value)}"
            raise DataError(msg)
        if each and isinstance(value, (list, tuple, set, frozenset)):  # an iterator can be walked only once
            for item in value:
                self._fits(item)

    def _fits(self, value: Any) -> None:
        if value is not None and self.column.encode is None:
            fits(self.column, value, compared=self.operator.takes == "value")
