"""PostgreSQL, 12 and later."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ferrow.sql.dialect.base import Dialect
from ferrow.sql.dialect.postgresql_calls import PostgreSQLCalls
from ferrow.sql.dialect.postgresql_json import POSTGRESQL_JSON
from ferrow.sql.dialect.postgresql_lists import PostgreSQLLists
from ferrow.sql.dialect.words import POSTGRESQL_RESERVED
from ferrow.types import PlainJson, SQLType, Text

if TYPE_CHECKING:
    from ferrow.sql.dialect.calls import Calls
    from ferrow.sql.dialect.json import JsonAnswers
    from ferrow.sql.dialect.lists import Lists

# Where the function's own result would have another type than on other databases, or where PostgreSQL has no such function.
_AGGREGATES = {
    ("sum", "int"): "CAST(sum({distinct}{operand}){tail} AS bigint)",  # sum(bigint) is numeric
    ("sum", "float"): "sum({distinct}CAST({operand} AS double precision)){tail}",  # sum(real) adds up in 32 bit
    ("avg", "int"): "CAST(avg({distinct}{operand}){tail} AS double precision)",  # numeric by itself
    ("min", "bool"): "bool_and({operand}){tail}",
    ("max", "bool"): "bool_or({operand}){tail}",
    ("min", "uuid"): 'CAST(min(CAST({operand} AS text) COLLATE "C"){tail} AS uuid)',
    ("max", "uuid"): 'CAST(max(CAST({operand} AS text) COLLATE "C"){tail} AS uuid)',
    ("min", "bytes"): """decode(min(encode({operand}, 'hex') COLLATE "C"){tail}, 'hex')""",
    ("max", "bytes"): """decode(max(encode({operand}, 'hex') COLLATE "C"){tail}, 'hex')""",
}


class PostgreSQL(Dialect):
    """PostgreSQL's answers."""

    name: ClassVar[str] = "postgresql"
    nulls_first: ClassVar[str] = "descending"
    reserved = POSTGRESQL_RESERVED
    calls: ClassVar[Calls] = PostgreSQLCalls()
    lists: ClassVar[Lists] = PostgreSQLLists()
    longest_name: ClassVar[int | None] = 63
    json: ClassVar[JsonAnswers] = POSTGRESQL_JSON

    unnests = True
    changes_in_ctes: ClassVar[bool] = True

    def unnest(self, lists: str) -> str:
        """Return the function of that name."""
        return f"unnest({lists})"

    def placeholder(self, number: int) -> str:
        """`$1`."""
        return f"${number}"

    def cast(self, operand: str, type: SQLType) -> str:
        """`CAST(x AS double precision)`."""
        return f"CAST({operand} AS {type.name(self.name)})"

    def comparable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Everything compares as it means, but json, which has no equality; jsonb has."""
        return "CAST({} AS jsonb)" if isinstance(own, PlainJson) else None

    def in_list(self, operand: str, items: str, item: SQLType, *, negated: bool) -> str:
        """`x = ANY($1)`, the parameter being an array."""
        return f"{operand} <> ALL({items})" if negated else f"{operand} = ANY({items})"

    def like(self, operand: str, pattern: str, *, fold: bool) -> str:
        """`x LIKE $1`; backslash is the escape character without being told."""
        return f"{operand} {'ILIKE' if fold else 'LIKE'} {pattern}"

    def matches(self, operand: str, pattern: str, *, fold: bool) -> str:
        """`x ~ $1`."""
        return f"{operand} {'~*' if fold else '~'} {pattern}"

    def aggregate(self, name: str, operand: SQLType, *, distinct: bool = False, separated: bool = False) -> str:
        """The function, cast where its own result type is another one."""
        if name == "json_agg":
            name = "jsonb_agg"
        return _AGGREGATES.get((name, operand.kind)) or super().aggregate(name, operand)

    def member(self, text: str, *, first: bool, compound: bool, plain: bool) -> str:
        """In parentheses unless it is a plain SELECT: INTERSECT would bind tighter than UNION."""
        return text if plain and not compound else f"({text})"

    def explain(self, options: tuple[str, ...], *, tree: bool) -> str:
        """`EXPLAIN (ANALYZE, FORMAT JSON)`."""
        said = [*options, *(["FORMAT JSON"] if tree else [])]
        return f"EXPLAIN ({', '.join(said)})" if said else "EXPLAIN"

    def plan_columns(self, *, tree: bool) -> tuple[tuple[SQLType, ...], tuple[str, ...]]:
        """One column: the lines, or the document."""
        return ((PlainJson() if tree else Text(),), ("QUERY PLAN",))

    def limit(self, limit: str | None, offset: str | None) -> str:
        """`LIMIT $1 OFFSET $2`."""
        return " ".join([f"{word} {text}" for word, text in (("LIMIT", limit), ("OFFSET", offset)) if text])


POSTGRESQL = PostgreSQL()
