"""JSON on PostgreSQL: jsonb and its operators; a column of plain json is converted, as far as it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ferrow.sql.dialect.json import JsonAnswers
from ferrow.types import PlainJson, SQLType

_PLAIN_STEPS = {
    "key": "{} -> CAST({} AS text)",
    "index": "{} -> CAST({} AS integer)",
    "either": "{} #> ARRAY[CAST({} AS text)]",
}
# To jsonb's -> a text or number by itself is an array of one item.
_STEPS = {
    **_PLAIN_STEPS,
    "index": """jsonb_path_query_first({}, 'strict $ ? (@.type() == "array")') -> CAST({} AS integer)""",
}

# CASE evaluates nothing it does not choose, so a row of another type is NULL and never an error; bounds come before the casts.
_NUMBER = "CASE jsonb_typeof({0}) WHEN 'number' THEN CAST({0} AS numeric) END"
_TEXT = "CASE jsonb_typeof({0}) WHEN 'string' THEN {0} #>> '{{}}' END"
_NUMERAL = r"'^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{{1,3}})?$'"

_VALUES = {
    "type": "jsonb_typeof({0})",
    "text": _TEXT,
    "collated": f'({_TEXT}) COLLATE "C"',
    "number": _NUMBER,
    "decimal": (
        "CASE jsonb_typeof({0}) WHEN 'number' THEN CAST({0} AS numeric) WHEN 'string' THEN "
        f"CASE WHEN length({{0}} #>> '{{{{}}}}') <= 1000 AND {{0}} #>> '{{{{}}}}' ~ {_NUMERAL} THEN CAST({{0}} #>> '{{{{}}}}' AS numeric) END END"
    ),
    "int": (
        "CASE jsonb_typeof({0}) WHEN 'number' THEN CASE WHEN CAST({0} AS numeric) BETWEEN -9223372036854775808 AND "
        "9223372036854775807 AND CAST({0} AS numeric) = trunc(CAST({0} AS numeric)) THEN CAST({0} AS bigint) END END"
    ),
    "float": (
        "CASE jsonb_typeof({0}) WHEN 'number' THEN CASE WHEN abs(CAST({0} AS numeric)) < 2.5e-324 THEN 0.0 "
        "WHEN abs(CAST({0} AS numeric)) < 1.797693134862315807e308 THEN CAST({0} AS double precision) END END"
    ),
    "bool": "CASE jsonb_typeof({0}) WHEN 'boolean' THEN CAST({0} AS boolean) END",
    "length": (
        "CASE jsonb_typeof({0}) WHEN 'array' THEN jsonb_array_length({0}) "
        "WHEN 'object' THEN CAST((SELECT count(*) FROM jsonb_object_keys({0})) AS integer) END"
    ),
}

# jsonb has an order, but sorts texts by the database's collation; a row sorts by its parts.
_ORDER = (
    "CASE WHEN {0} IS NOT NULL THEN ROW(CASE jsonb_typeof({0}) WHEN 'string' THEN 1 WHEN 'number' THEN 2 WHEN 'boolean' THEN 3 "
    "WHEN 'array' THEN 4 ELSE 5 END, CASE jsonb_typeof({0}) WHEN 'number' THEN CAST({0} AS numeric) "
    f"""WHEN 'boolean' THEN CAST(CAST({{0}} AS boolean) AS integer) END, ({_TEXT}) COLLATE "C") END"""
)


class PostgreSQLJson(JsonAnswers):
    """PostgreSQL's answers."""

    null: ClassVar[str] = "CAST('null' AS jsonb)"

    def document(self, operand: str, type: SQLType) -> str:
        """As jsonb; a parameter gets its type here, as the functions would take any."""
        return f"CAST({operand} AS jsonb)" if isinstance(type, PlainJson) or operand.startswith("$") else operand

    def path(self, base: str, type: SQLType, steps: Sequence[tuple[str, str]]) -> str:
        """`NULLIF(meta -> $1 -> $2, 'null')`."""
        text = base
        known = _PLAIN_STEPS if isinstance(type, PlainJson) else _STEPS
        for kind, place in steps:
            text = known[kind].format(text, place)
        return f"NULLIF({self.document(text, type)}, 'null')"

    def value(self, what: str, document: str) -> str:
        """By `jsonb_typeof`."""
        return _VALUES[what].format(document)

    def order(self, document: str) -> str:
        """A row of type, number and text."""
        return _ORDER.format(document)

    def contains(self, outer: str, inner: str) -> str:
        """`@>`."""
        return f"{outer} @> {inner}"

    def has(self, document: str, key: str) -> str:
        """`?`, which an index can answer; on arrays it would look for an item."""
        return f"({document} ? {key} AND jsonb_typeof({document}) = 'object')"

    def number(self, operand: str) -> str:
        """`to_jsonb`."""
        return f"to_jsonb(CAST({operand} AS numeric))"


POSTGRESQL_JSON = PostgreSQLJson()
