"""Lists on MariaDB: in columns they are documents, in parameters the elements stand where the placeholder is (`?*1`)."""

from __future__ import annotations

from typing import ClassVar

from ferrow.errors import NotSupportedError
from ferrow.sql.dialect.lists import Lists
from ferrow.types import SQLType

_TYPES = {
    "bool": "int",
    "int": "bigint",
    "float": "double",
    "decimal": "decimal(65, 30)",
    "date": "date",
    "time": "time(6)",
    "timestamp": "datetime(6)",
    "timestamptz": "datetime(6)",
}


class MySQLLists(Lists):
    """By JSON_TABLE, whose columns have the type of the elements."""

    crowded = True  # by the column of JSON_TABLE
    collation: ClassVar[str] = "utf8mb4_nopad_bin"

    def compare(self, operation: str, left: str, right: str, item: SQLType) -> str:
        """Whether no element of the right list is missing in the left one, or whether one is there; NULL if a list is NULL."""
        among = f"(SELECT value FROM {self._table(left, item, 'l')} WHERE value IS NOT NULL)"
        if operation == "contains":
            found = f"NOT EXISTS (SELECT 1 FROM {self._table(right, item, 'r')} WHERE r.value IS NULL OR r.value NOT IN {among})"
        else:
            found = f"EXISTS (SELECT 1 FROM {self._table(right, item, 'r')} WHERE r.value IN {among})"
        return f"CASE WHEN {left} IS NOT NULL AND {right} IS NOT NULL THEN {found} END"

    def _table(self, items: str, item: SQLType, name: str) -> str:
        return table(items, item, name, self.collation)

    def length(self, operand: str) -> str:
        """`JSON_LENGTH(x)`."""
        return f"JSON_LENGTH({operand})"

    def element(self, operand: str, index: str, item: SQLType, *, backwards: bool) -> str:
        """The element as a value of its type."""
        place = f"JSON_LENGTH({operand}) + {index}" if backwards else index
        found = f"JSON_VALUE({operand}, CONCAT('$[', {place}, ']'))"
        if item.kind == "bytes":
            found = f"UNHEX({found})"
        elif item.kind in _TYPES:
            found = f"CAST({found} AS {_CASTS[item.kind]})"
        return f"CASE WHEN {place} >= 0 THEN {found} END"

    def quantified(
        self, operand: str, operator: str, items: str, item: SQLType, comparable: str, *, every: bool
    ) -> str:
        """IN where that is what is asked and the list a parameter; else over the rows of its elements."""
        if (operator, every) in _IN and items.startswith("?"):
            return f"{operand} {_IN[operator, every]} {items.replace('?', '?*', 1)}"
        query = f"SELECT {comparable.format('value')} FROM {self._table(items, item, 'q')}"
        said = f"{operand} {operator} {'ALL' if every else 'ANY'} ({query})"
        return said if items.startswith("?") else f"CASE WHEN {items} IS NOT NULL THEN {said} END"

    def quantified_query(self, operand: str, operator: str, query: str, *, every: bool) -> str:
        """`x < ANY (SELECT ...)`."""
        return f"{operand} {operator} {'ALL' if every else 'ANY'} ({query})"


_CASTS = {**_TYPES, "bool": "unsigned", "int": "signed"}
_IN = {("=", False): "IN", ("<>", True): "NOT IN"}


def table(items: str, item: SQLType, name: str, collation: str) -> str:
    """The elements of a document as rows of one column `value`."""
    if item.kind in ("bytes", "json"):
        msg = f"MariaDB cannot look into lists of {item!r}; select the list and look into it in Python"
        raise NotSupportedError(msg)
    type_ = _TYPES.get(item.kind, f"longtext COLLATE {collation}")
    return f"JSON_TABLE({items}, '$[*]' COLUMNS (value {type_} PATH '$')) AS {name}"
