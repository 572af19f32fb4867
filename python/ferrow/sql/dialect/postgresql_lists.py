"""Arrays, as PostgreSQL has them."""

from __future__ import annotations

from ferrow.sql.dialect.lists import Lists
from ferrow.types import SQLType

_COMPARE = {"contains": "@>", "overlaps": "&&"}


class PostgreSQLLists(Lists):
    """Array operators."""

    def compare(self, operation: str, left: str, right: str, item: SQLType) -> str:
        """`x @> y`."""
        return f"({left} {_COMPARE[operation]} {right})"

    def length(self, operand: str) -> str:
        """`cardinality(x)`, which is 0 for an empty array, where array_length is NULL."""
        return f"cardinality({operand})"

    def element(self, operand: str, index: str, item: SQLType, *, backwards: bool) -> str:
        """`x[i + 1]`."""
        if backwards:
            return f"({operand})[cardinality({operand}) + 1 + {index}]"
        return f"({operand})[{index} + 1]"

    def quantified(
        self, operand: str, operator: str, items: str, item: SQLType, comparable: str, *, every: bool
    ) -> str:
        """`x < ANY($1)`."""
        return f"{operand} {operator} {'ALL' if every else 'ANY'}({items})"

    def quantified_query(self, operand: str, operator: str, query: str, *, every: bool) -> str:
        """`x < ANY (SELECT ...)`."""
        return f"{operand} {operator} {'ALL' if every else 'ANY'} ({query})"
