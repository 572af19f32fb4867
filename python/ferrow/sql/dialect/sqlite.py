"""SQLite, 3.41 and later, with the collation and functions ferrow's connections register.

Those are: collation `decimal`; `decimal_add/sub/mul`, `decimal_sum`, `decimal_avg`; `ferrow_like`, `ferrow_ilike`, `ferrow_json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ferrow.errors import NotSupportedError
from ferrow.sql.dialect.base import Dialect
from ferrow.sql.dialect.words import SQLITE_RESERVED
from ferrow.types import Double, Integer, Json, Numeric, SQLType, Text

if TYPE_CHECKING:
    from ferrow.sql.writer import Writer

# What CAST makes of a value is its storage class; how that is read back is known from the expression's type.
_STORAGE = {"bool": "INTEGER", "int": "INTEGER", "float": "REAL", "bytes": "BLOB"}

_DECIMAL = {"+": "decimal_add", "-": "decimal_sub", "*": "decimal_mul"}


def _labels(type: SQLType) -> list[str]:
    """The labels of an enumerated type as literals inside a template; they come from a class, and there is no parameter for them."""
    words: tuple[str, ...] = getattr(type, "labels", ()) if not isinstance(type, Text) else ()
    return ["'" + word.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'" for word in words]


def _place(labels: list[str], operand: str) -> str:
    return f"CASE {operand} {' '.join(f'WHEN {word} THEN {place}' for place, word in enumerate(labels))} END"


class SQLite(Dialect):
    """SQLite's answers."""

    name: ClassVar[str] = "sqlite"
    nulls_first: ClassVar[str] = "ascending"
    reserved = SQLITE_RESERVED
    returns_others: ClassVar[bool] = False

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
        if isinstance(common, Numeric):
            if not isinstance(own, Numeric):
                return "CAST({} AS TEXT) COLLATE decimal"
            return None if leaf else "{} COLLATE decimal"
        if isinstance(common, Double) and isinstance(own, Numeric):
            return "CAST({} AS REAL)"
        return None

    def sortable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Words of a list are in the list's order, as PostgreSQL's enumerated types are."""
        labels = _labels(own)
        return _place(labels, "{}") if labels else self.comparable(own, common, leaf=leaf)

    def in_list(self, operand: str, items: str, item: SQLType, *, negated: bool) -> str:
        """`x IN (SELECT value FROM json_each(?1))`, the parameter being a JSON text; bytes travel in it as hex."""
        value = "unhex(value)" if item.kind == "bytes" else "value"
        return f"{operand} {'NOT IN' if negated else 'IN'} (SELECT {value} FROM json_each({items}))"

    def like(self, operand: str, pattern: str, *, fold: bool) -> str:
        """A function of ours: SQLite's LIKE ignores case always, and of ASCII letters only."""
        return f"{'ferrow_ilike' if fold else 'ferrow_like'}({operand}, {pattern})"

    def aggregate(self, name: str, operand: SQLType) -> str:
        """The function; sums and means of decimals have their own, exact ones."""
        labels = _labels(operand)
        if labels and name in {"min", "max"}:
            back = " ".join(f"WHEN {place} THEN {word}" for place, word in enumerate(labels))
            return f"CASE {name}({_place(labels, '{operand}')}) {back} END"
        exact = isinstance(operand, Numeric) and name in {"sum", "avg"}
        return super().aggregate(f"decimal_{name}" if exact else name, operand)

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
