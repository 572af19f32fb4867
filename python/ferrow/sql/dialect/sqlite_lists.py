"""Lists as JSON texts, taken apart by json_each."""

from __future__ import annotations

from ferrow.sql.dialect.lists import Lists
from ferrow.types import Numeric, SQLType


class SQLiteLists(Lists):
    """Subqueries over the elements."""

    crowded = True  # by the columns of json_each

    def compare(self, operation: str, left: str, right: str, item: SQLType) -> str:
        """Whether no element of the right list is missing in the left one, or whether one is there; NULL if a list is NULL."""
        collate = " COLLATE decimal" if isinstance(item, Numeric) else ""
        among = f"(SELECT value FROM json_each({left}) WHERE value IS NOT NULL)"
        if operation == "contains":
            found = (
                f"NOT EXISTS (SELECT 1 FROM json_each({right}) WHERE value IS NULL OR value{collate} NOT IN {among})"
            )
        else:
            found = f"EXISTS (SELECT 1 FROM json_each({right}) WHERE value{collate} IN {among})"
        return _known(found, left, right)

    def length(self, operand: str) -> str:
        """`json_array_length(x)`."""
        return f"json_array_length({operand})"

    def element(self, operand: str, index: str, item: SQLType, *, backwards: bool) -> str:
        """`x ->> i`."""
        if backwards:
            index = (
                f"CASE WHEN json_array_length({operand}) + {index} >= 0 THEN json_array_length({operand}) + {index} END"
            )
        return _stored(f"({operand} ->> ({index}))", item)

    def quantified(
        self, operand: str, operator: str, items: str, item: SQLType, comparable: str, *, every: bool
    ) -> str:
        """IN where that is what is asked; else the answers for all elements, put together as SQL does."""
        value = comparable.format(_stored("value", item))
        if (operator, every) in _IN:
            return _known(f"{operand} {_IN[operator, every]} (SELECT {value} FROM json_each({items}))", items)
        answer = _together(f"{operand} {operator} {value}", every=every)
        return _known(f"(SELECT {answer} FROM json_each({items}))", items)

    def quantified_query(self, operand: str, operator: str, query: str, *, every: bool) -> str:
        """The same over the rows of a query."""
        if (operator, every) in _IN:
            return f"{operand} {_IN[operator, every]} ({query})"
        answer = _together(f"{operand} {operator} ferrow_value", every=every)
        return f"(WITH ferrow_rows(ferrow_value) AS ({query}) SELECT {answer} FROM ferrow_rows)"


_IN = {("=", False): "IN", ("<>", True): "NOT IN"}


def _known(answer: str, *lists: str) -> str:
    """Nothing is known about a list that is NULL; a parameter is not."""
    columns = [f"{list_} IS NOT NULL" for list_ in lists if not list_.startswith("?")]
    return f"CASE WHEN {' AND '.join(columns)} THEN {answer} END" if columns else answer


def _stored(value: str, item: SQLType) -> str:
    return f"unhex({value})" if item.kind == "bytes" else value


def _together(condition: str, *, every: bool) -> str:
    """One answer of many: unknown only if an unknown one could have changed it."""
    if every:
        return f"CASE WHEN min({condition}) = 0 THEN 0 WHEN count(*) > count({condition}) THEN NULL ELSE 1 END"
    return f"CASE WHEN max({condition}) = 1 THEN 1 WHEN count(*) > count({condition}) THEN NULL ELSE 0 END"
