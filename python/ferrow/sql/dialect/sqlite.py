"""SQLite, 3.41 and later, with the collation and functions ferrow's connections register.

Those are: collation `decimal`; `decimal_add/sub/mul`, `decimal_abs/sign/ceil/floor/round`, `decimal_sum`, `decimal_avg`; `ferrow_like`,
`ferrow_ilike`, `ferrow_matches`, `ferrow_lower`, `ferrow_upper`, `ferrow_round`, `ferrow_*_moved`, `ferrow_*_apart`, `ferrow_json`, `ferrow_json_*`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ferrow.errors import NotSupportedError
from ferrow.sql.dialect.base import Dialect
from ferrow.sql.dialect.sqlite_calls import SQLiteCalls
from ferrow.sql.dialect.sqlite_enum import extreme, labels_of, place_of
from ferrow.sql.dialect.sqlite_json import SQLITE_JSON
from ferrow.sql.dialect.sqlite_lists import SQLiteLists
from ferrow.sql.dialect.words import SQLITE_RESERVED
from ferrow.types import Double, Integer, Json, ListOf, Numeric, SQLType, Text

if TYPE_CHECKING:
    from ferrow.sql.dialect.calls import Calls
    from ferrow.sql.dialect.json import JsonAnswers
    from ferrow.sql.dialect.lists import Lists
    from ferrow.sql.writer import Writer

# What CAST makes of a value is its storage class; how that is read back is known from the expression's type.
_STORAGE = {"bool": "INTEGER", "int": "INTEGER", "interval": "INTEGER", "float": "REAL", "bytes": "BLOB"}

_ITEMS = {"bytes": "unhex(value)", "json": "ferrow_json(value)"}

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
    nulls_first: ClassVar[str] = "ascending"
    reserved = SQLITE_RESERVED
    function_schemas: ClassVar[bool] = False
    returns_others: ClassVar[bool] = False
    locks_rows: ClassVar[bool] = False
    json: ClassVar[JsonAnswers] = SQLITE_JSON
    calls: ClassVar[Calls] = SQLiteCalls()
    lists: ClassVar[Lists] = SQLiteLists()

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
        """`x IN (SELECT value FROM json_each(?1))`, the parameter being a JSON text: bytes in it are hex, documents texts."""
        value = _ITEMS.get(item.kind, "value")
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

    def lateral(self) -> str:
        """SQLite has none."""
        msg = "SQLite has no LATERAL subqueries; use a scalar subquery per column, or a window function"
        raise NotSupportedError(msg)

    def member(self, text: str, *, first: bool, compound: bool, plain: bool) -> str:
        """Never in parentheses, which SQLite does not take; it combines from left to right, whatever the words."""
        return text if plain and (first or not compound) else f"SELECT * FROM ({text})"

    def lock(self, strength: str, of: list[str], wait: str | None) -> str:
        """Nothing: the transaction holds the lock of the whole database already."""
        if wait:
            msg = f"SQLite locks the whole database, never rows, so there is nothing for {wait} to decide; leave it out"
            raise NotSupportedError(msg)
        return ""

    def first_of_each(self, out: Writer, shape: Any) -> str | None:
        """By row_number(), since there is no DISTINCT ON."""
        from ferrow.sql.dialect.numbered import numbered

        return numbered(out, shape)

    def inserted_query(self, shape: Any, text: str, *, conflict: bool) -> str:
        """With a WHERE at the end if ON CONFLICT follows: SQLite would take the ON for that of a join."""
        return f"SELECT * FROM ({text}) WHERE TRUE" if conflict else text

    def deleted(self, using: str, where: str) -> str:
        """`WHERE EXISTS (SELECT 1 FROM using WHERE where)`, since there is no USING."""
        if using:
            where = f"EXISTS (SELECT 1 FROM {using} WHERE {where or 'TRUE'})"
        return f"WHERE {where}" if where else ""

    def explain(self, options: tuple[str, ...], *, tree: bool) -> str:
        """`EXPLAIN QUERY PLAN`, which is a tree by itself and has no options."""
        if options:
            msg = f"SQLite's EXPLAIN has no {', '.join(options)}; leave that out"
            raise NotSupportedError(msg)
        return "EXPLAIN QUERY PLAN"

    def plan_columns(self, *, tree: bool) -> tuple[tuple[SQLType, ...], tuple[str, ...]]:
        """A row per node, which knows its parent's number."""
        return ((Integer(), Integer(), Integer(), Text()), ("id", "parent", "notused", "detail"))

    def limit(self, limit: str | None, offset: str | None) -> str:
        """`LIMIT ?1 OFFSET ?2`; an OFFSET must have a LIMIT, and -1 means none."""
        if offset is None:
            return "" if limit is None else f"LIMIT {limit}"
        return f"LIMIT {limit or '-1'} OFFSET {offset}"


SQLITE = SQLite()
