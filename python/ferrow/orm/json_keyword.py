"""Keywords and names that lead into documents: `meta__plan="premium"`, `order_by("-meta__stats__visits")`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, ProgrammingError
from ferrow.errors.shown import shortened
from ferrow.orm.operators import OPERATORS, Operator
from ferrow.sql import Condition, Expr, Statement
from ferrow.sql.json_path import JsonPath, path_of
from ferrow.sql.json_steps import word

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.sql.shape import Shape


def _keys(name: str) -> Callable[[Expr[Any], Any], Condition]:
    return lambda place, keys: getattr(place, name)(*keys)


JSON_OPERATORS: dict[str, Operator] = {
    **OPERATORS,
    "contains": Operator(lambda place, value: path_of(place).contains(value)),
    "has_key": Operator(lambda place, key: place.has_key(key)),
    "has_keys": Operator(_keys("has_keys"), "list"),
    "has_any_keys": Operator(_keys("has_any_keys"), "list"),
    "json_contains": Operator(lambda place, value: place.json_contains(value)),
}
"""What may end a path. `contains` is about texts, arrays and documents here."""

_OF_COLUMNS = frozenset({"eq", "ne", "gt", "gte", "lt", "lte", "isnull", "isnotnull"})


class JsonLookup:
    """A place in a document and an operator. Calling it with a value gives the condition, as shape and values."""

    __slots__ = ("column", "keyword", "name", "operator", "place")

    def __init__(self, keyword: str, column: Column, place: JsonPath[Any], name: str, operator: Operator) -> None:
        self.keyword: str = keyword
        self.column: Column = column
        self.place: JsonPath[Any] = place
        self.name: str = name
        self.operator: Operator = operator

    def __call__(self, value: Any) -> tuple[Shape, tuple[Any, ...]]:
        """Return the condition.

        Raises:
            DataError: a value of another type than the place's, or one that JSON does not have.
        """
        self._check(value)
        try:
            found = self.operator.build(self.place, value)
        except (TypeError, ValueError) as error:
            msg = f"{self.keyword}={shortened(value)}: {error}"
            raise DataError(msg) from error
        return found.shape, found.values

    def _check(self, value: Any) -> None:
        takes = self.operator.takes
        if takes == "flag" and not isinstance(value, bool):
            msg = f"{self.keyword} takes True or False, not {shortened(value)}"
            raise DataError(msg)
        if takes == "list" and (isinstance(value, (str, bytes, Expr, Statement)) or not isinstance(value, Iterable)):
            msg = f"{self.keyword} takes a list of values, not {shortened(value)}"
            raise DataError(msg)
        if value is None and self.operator.ordered:
            msg = f"{self.keyword}=None: nothing is greater or less than NULL; use isnull=True"
            raise DataError(msg)


def understood(keyword: str, column: Column, rest: str) -> JsonLookup | None:
    """The meaning of `rest`, what a keyword says after the name of a JSON column and two underscores.

    The last part is an operator if it is called like one; a key of that name is meant by `meta__in__eq`. None for what a JSON
    column is asked like any other: `meta__isnull`, `meta__ne`.

    Raises:
        UnknownColumn: the documents have a class, and it has no such attribute; names the nearest.
        ProgrammingError: a key that no document can have.
    """
    if rest in _OF_COLUMNS:
        return None
    parts = rest.split("__")
    name = parts.pop() if parts[-1] in JSON_OPERATORS else "eq"
    return JsonLookup(keyword, column, place(column, parts), name, JSON_OPERATORS[name])


def place(column: Column, path: Sequence[str]) -> JsonPath[Any]:
    """Where the parts of a path lead in the documents of a column. Raises as `understood`."""
    found = path_of(column.ref)
    for part in path:
        try:
            one = word(part)
            found = found.followed(one, None) if found.guide is None else found.followed(*found.guide.word(one))
        except ValueError as error:
            msg = f"{column.table.label}.{column.key}: {error}"
            raise ProgrammingError(msg) from None
    return found
