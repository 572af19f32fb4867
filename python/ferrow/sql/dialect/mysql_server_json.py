"""JSON on MySQL: a type of its own, whose values are compared as documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ferrow.sql.dialect.mysql_json import MySQLJson
from ferrow.types import SQLType

# What JSON functions give has a collation of their own, which does not go together with that of a parameter.
COLLATED = "COLLATE utf8mb4_0900_bin"
DOCUMENT = "CAST({} AS json)"
NULL = "CAST('null' AS json)"
_NUMBERS = "('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')"
_TYPE = f"JSON_TYPE({{0}}) {COLLATED}"
_PLAIN = f"JSON_UNQUOTE({{0}}) {COLLATED}"
_TEXT = f"CASE {_TYPE} WHEN 'STRING' THEN {_PLAIN} END"
_NUMERAL = "'^[-+]?([0-9]{{1,35}}([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{{1,3}})?$'"
_DECIMAL = "CAST(JSON_UNQUOTE({0}) AS decimal(65, 30))"
# What is too large is cut off by CAST without a word, or fails in an UPDATE.
_FITS = "ABS(CAST(JSON_UNQUOTE({0}) AS double)) < 1e35"

_VALUES = {
    "type": (f"CASE WHEN {_TYPE} IN {_NUMBERS} THEN 'number' ELSE LOWER({_TYPE}) END"),
    "text": _TEXT,
    "collated": _TEXT,
    "number": f"CASE WHEN {_TYPE} IN {_NUMBERS} THEN IF({_FITS}, {_DECIMAL}, NULL) END",
    "decimal": (
        f"CASE WHEN {_TYPE} IN {_NUMBERS} THEN IF({_FITS}, {_DECIMAL}, NULL) "
        f"WHEN {_TYPE} = 'STRING' AND {_PLAIN} REGEXP {_NUMERAL} THEN IF({_FITS}, {_DECIMAL}, NULL) END"
    ),
    "int": (
        f"CASE WHEN {_TYPE} IN {_NUMBERS} AND CAST({{0}} AS double) BETWEEN -1e19 AND 1e19 "
        "AND CAST({0} AS double) = FLOOR(CAST({0} AS double)) "
        f"AND {_DECIMAL} BETWEEN -9223372036854775808 AND 9223372036854775807 AND {_DECIMAL} = FLOOR({_DECIMAL}) "
        f"THEN CAST({_DECIMAL} AS signed) END"
    ),
    "float": f"CASE WHEN {_TYPE} IN {_NUMBERS} THEN CAST({{0}} AS double) END",
    "bool": f"CASE {_TYPE} WHEN 'BOOLEAN' THEN {_PLAIN} = 'true' END",
    "length": f"CASE WHEN {_TYPE} IN ('ARRAY', 'OBJECT') THEN JSON_LENGTH({{0}}) END",
}


class MySQLServerJson(MySQLJson):
    """MySQL's answers."""

    null: ClassVar[str] = NULL

    def path(self, base: str, type: SQLType, steps: Sequence[tuple[str, str]]) -> str:
        """`JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1)))`, step by step, as on MariaDB."""
        text = base
        for kind, place in steps:
            key = f"JSON_EXTRACT({text}, CONCAT('$.', JSON_QUOTE({place}) {COLLATED}))"
            number = f"CAST({place} AS signed)"
            number = f"IF({number} < 0, {number} + JSON_LENGTH({text}), {number})"
            index = f"IF({number} >= 0, JSON_EXTRACT({text}, CONCAT('$[', GREATEST({number}, 0), ']')), NULL)"
            if kind == "key":
                text = key
            elif kind == "index":
                text = f"CASE JSON_TYPE({text}) {COLLATED} WHEN 'ARRAY' THEN {index} END"
            else:
                text = f"CASE JSON_TYPE({text}) {COLLATED} WHEN 'ARRAY' THEN {index} ELSE {key} END"
        return f"NULLIF({text}, {NULL})"

    def value(self, what: str, document: str) -> str:
        """By JSON_TYPE."""
        return _VALUES[what].format(document)

    def order(self, document: str) -> str:
        """A text that sorts by type first; numbers are turned into digits that sort as they do."""
        kind = (
            f"CASE WHEN JSON_TYPE({document}) {COLLATED} = 'STRING' THEN '1' WHEN JSON_TYPE({document}) {COLLATED} IN {_NUMBERS} THEN '2' "
            f"WHEN JSON_TYPE({document}) {COLLATED} = 'BOOLEAN' THEN '3' WHEN JSON_TYPE({document}) {COLLATED} = 'ARRAY' THEN '4' ELSE '5' END"
        )
        number = f"CAST(JSON_UNQUOTE({document}) AS decimal(64, 30))"
        digits = f"LPAD({number} + 1000000000000000000000000000000000, 70, '0')"
        inside = (
            f"CASE WHEN JSON_TYPE({document}) {COLLATED} IN ('STRING', 'BOOLEAN') THEN {_PLAIN.format(document)} "
            f"WHEN JSON_TYPE({document}) {COLLATED} IN {_NUMBERS} THEN {digits} ELSE CAST({document} AS char) {COLLATED} END"
        )
        return f"CASE WHEN {document} IS NOT NULL THEN CONCAT({kind}, {inside}) {COLLATED} END"

    def contains(self, outer: str, inner: str) -> str:
        """`JSON_CONTAINS(outer, inner)`, which looks for everything in the arrays in an array as well: that is taken out."""
        inner = DOCUMENT.format(inner)
        wanted = f"IF(JSON_TYPE({inner}) {COLLATED} = 'ARRAY', {inner}, JSON_ARRAY({inner}))"
        same = (
            f"IF(JSON_TYPE(ferrow_i.value) {COLLATED} IN ('ARRAY', 'OBJECT'), JSON_TYPE(ferrow_o.value) = JSON_TYPE(ferrow_i.value) "
            "AND JSON_CONTAINS(ferrow_o.value, ferrow_i.value), ferrow_o.value = ferrow_i.value)"
        )
        there = f"EXISTS (SELECT 1 FROM {_elements(outer, 'ferrow_o')} WHERE {same})"
        missing = f"SELECT 1 FROM {_elements(wanted, 'ferrow_i')} WHERE NOT {there}"
        return f"(JSON_CONTAINS({outer}, {inner}) AND (JSON_TYPE({outer}) {COLLATED} <> 'ARRAY' OR NOT EXISTS ({missing})))"

    def has(self, document: str, key: str) -> str:
        """Whether the path exists; on arrays it would not."""
        path = f"CONCAT('$.', JSON_QUOTE({key}) {COLLATED})"
        return f"(JSON_TYPE({document}) {COLLATED} = 'OBJECT' AND JSON_CONTAINS_PATH({document}, 'one', {path}))"


def _elements(document: str, name: str) -> str:
    return f"JSON_TABLE({document}, '$[*]' COLUMNS (value json PATH '$')) AS {name}"


MYSQL_SERVER_JSON = MySQLServerJson()
