"""SQLite, 3.41 and later, with the collation and functions ferrow's connections register.

Those are: collation `decimal`; `decimal_add/sub/mul`, `decimal_abs/sign/ceil/floor/round`, `decimal_sum`, `decimal_avg`; `ferrow_like`,
`ferrow_ilike`, `ferrow_matches`, `ferrow_lower`, `ferrow_upper`, `ferrow_round`, `ferrow_json`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ferrow.errors import NotSupportedError
from ferrow.sql.dialect.base import Dialect
from ferrow.sql.dialect.sqlite_calls import SQLiteCalls
from ferrow.sql.dialect.sqlite_enum import extreme, labels_of, place_of
from ferrow.sql.dialect.sqlite_lists import SQLiteLists
from ferrow.sql.dialect.words import SQLITE_RESERVED
from ferrow.types import Double, Json, ListOf, Numeric, SQLType

# What CAST makes of a value is its storage class; how that is read back is known from the expression's type.
_STORAGE = {"bool": "INTEGER", "int": "INTEGER", "float": "REAL", "bytes": "BLOB"}

_DECIMAL = {"+": "decimal_add", "-": "decimal_sub", "*": "decimal_mul"}


# No rows gather to an empty list here, and to NULL elsewhere; a list is never empty otherwise.
_GATHERED = {
    ("array_agg", ""): "nullif(json_group_array({distinct}{operand}{order}){tail}, '[]')",
    ("array_agg", "bytes"): "nullif(json_group_array({distinct}hex({operand}){order}){tail}, '[]')",
    ("json_agg", ""): "nullif(json_group_array({distinct}{operand}{order}){tail}, '[]')",
    ("json_agg", "json"): "nullif(json_group_array(json({operand}){order}){tail}, '[]')",
    (
        "json_agg",
        "bool",
    ): "nullif(json_group_array(json(iif({operand}, 'true', iif({operand} IS NULL, 'null', 'false'))){order}){tail}, '[]')",
    ("string_agg", ""): "group_concat({distinct}{operand}{order}){tail}",
}


class SQLite(Dialect):
    """SQLite's answers."""

    name: ClassVar[str] = "sqlite"
    reserved = SQLITE_RESERVED
    calls = SQLiteCalls()
    lists = SQLiteLists()

    def placeholder(self, number: int) -> str:
        """`?1`."""
        return f"?{number}"

    def cast(self, operand: str, type: SQLType) -> str:
        """`CAST(x AS REAL)`; a decimal is text."""
        return f"CAST({operand} AS {_STORAGE.get(type.kind, 'TEXT')})"

    def comparable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Decimals are text and need their collation, which a column has by itself; JSON text is made canonical."""
        if isinstance(own, Json):
            return "ferrow_json({})"
        if isinstance(own, ListOf):
            if isinstance(own.item, Numeric):
                msg = "SQLite cannot compare whole lists of decimals, whose texts may differ where the numbers are equal; compare elements with any_() or contains_all()"
                raise NotSupportedError(msg)
            return "ferrow_json({})"
        if isinstance(common, Numeric):
            if not isinstance(own, Numeric):
                return "CAST({} AS TEXT) COLLATE decimal"
            return None if leaf else "{} COLLATE decimal"
        if isinstance(common, Double) and isinstance(own, Numeric):
            return "CAST({} AS REAL)"
        return None

    def sortable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Words of a list are in the list's order, as PostgreSQL's enumerated types are."""
        labels = labels_of(own)
        return place_of(labels, "{}") if labels else self.comparable(own, common, leaf=leaf)

    def in_list(self, operand: str, items: str, item: SQLType, *, negated: bool) -> str:
        """`x IN (SELECT value FROM json_each(?1))`, the parameter being a JSON text; bytes travel in it as hex."""
        value = "unhex(value)" if item.kind == "bytes" else "value"
        return f"{operand} {'NOT IN' if negated else 'IN'} (SELECT {value} FROM json_each({items}))"

    def like(self, operand: str, pattern: str, *, fold: bool) -> str:
        """A function of ours: SQLite's LIKE ignores case always, and of ASCII letters only."""
        return f"{'ferrow_ilike' if fold else 'ferrow_like'}({operand}, {pattern})"

    def matches(self, operand: str, pattern: str, *, fold: bool) -> str:
        """A function of ours: SQLite has the operator, but nothing behind it."""
        return f"ferrow_matches({operand}, {pattern}, {int(fold)})"

    def aggregate(self, name: str, operand: SQLType, *, distinct: bool = False, separated: bool = False) -> str:
        """The function; sums and means of decimals have their own, exact ones, and what gathers values gathers JSON."""
        if distinct and separated:
            msg = f"SQLite cannot leave out repeated values in {name}(), which has a second argument; ask a query with distinct() instead"
            raise NotSupportedError(msg)
        labels = labels_of(operand)
        if labels and name in {"min", "max"}:
            return extreme(name, labels)
        exact = isinstance(operand, Numeric) and name in {"sum", "avg"}
        gathered = _GATHERED.get((name, operand.kind)) or _GATHERED.get((name, ""))
        return gathered or super().aggregate(f"decimal_{name}" if exact else name, operand)

    def check_distance(self, *types: SQLType) -> None:
        """Decimals are text, which SQLite cannot add a distance to."""
        if any(isinstance(type, Numeric) for type in types):
            msg = "SQLite cannot frame a window by the distance of decimals (range=); sort by cast(x, Double()), or frame by rows="
            raise NotSupportedError(msg)

    def arithmetic(self, operator: str, type: SQLType) -> str | None:
        """Decimals are calculated exactly by functions, which exist for `+`, `-` and `*`."""
        if not isinstance(type, Numeric):
            return None
        if operator not in _DECIMAL:
            msg = f"SQLite cannot calculate {operator} with decimals exactly; cast(x, Double()) first, or calculate in Python"
            raise NotSupportedError(msg)
        return _DECIMAL[operator]

    def divisor(self, shape: Any, text: str) -> str:
        """As it is: SQLite's division by zero is NULL."""
        return text

    def limit(self, limit: str | None, offset: str | None) -> str:
        """`LIMIT ?1 OFFSET ?2`; an OFFSET must have a LIMIT, and -1 means none."""
        if offset is None:
            return "" if limit is None else f"LIMIT {limit}"
        return f"LIMIT {limit or '-1'} OFFSET {offset}"


SQLITE = SQLite()
