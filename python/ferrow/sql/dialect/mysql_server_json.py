"""JSON on MySQL: a type of its own, whose values are compared as documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ferrow.sql.dialect.mysql_json import FITS, NUMERAL, MySQLJson

# What JSON functions give has a collation of their own, which does not go together with that of a parameter.
COLLATED = "COLLATE utf8mb4_0900_bin"
DOCUMENT = "CAST({} AS json)"
NULL = "CAST('null' AS json)"
_NUMBERS = "('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')"
_TYPE = f"JSON_TYPE({{0}}) {COLLATED}"
_PLAIN = f"JSON_UNQUOTE({{0}}) {COLLATED}"
_TEXT = f"CASE {_TYPE} WHEN 'STRING' THEN {_PLAIN} END"
_DECIMAL = "CAST(JSON_UNQUOTE({0}) AS decimal(65, 30))"

_VALUES = {
    "type": (f"CASE WHEN {_TYPE} IN {_NUMBERS} THEN 'number' ELSE LOWER({_TYPE}) END"),
    "text": _TEXT,
    "collated": _TEXT,
    "number": f"CASE WHEN {_TYPE} IN {_NUMBERS} THEN IF({FITS}, {_DECIMAL}, NULL) END",
    "decimal": (
        f"CASE WHEN {_TYPE} IN {_NUMBERS} THEN IF({FITS}, {_DECIMAL}, NULL) "
        f"WHEN {_TYPE} = 'STRING' AND {_PLAIN} REGEXP {NUMERAL} THEN IF({FITS}, {_DECIMAL}, NULL) END"
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
    values: ClassVar[Mapping[str, str]] = _VALUES
    collated: ClassVar[str] = COLLATED
    kind: ClassVar[str] = f"JSON_TYPE({{}}) {COLLATED}"
    element: ClassVar[str] = "{}"
    same: ClassVar[str] = "{} = {}"

    def at(self, document: str, number: str) -> str:
        """As on MariaDB, but that a negative number is an error, even where nothing is asked for."""
        return f"IF({number} >= 0, JSON_EXTRACT({document}, CONCAT('$[', GREATEST({number}, 0), ']')), NULL)"

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
        """As on MariaDB, of documents."""
        return super().contains(outer, DOCUMENT.format(inner))

    def has(self, document: str, key: str) -> str:
        """Whether the path exists; on arrays it would not."""
        path = f"CONCAT('$.', JSON_QUOTE({key}) {COLLATED})"
        return f"(JSON_TYPE({document}) {COLLATED} = 'OBJECT' AND JSON_CONTAINS_PATH({document}, 'one', {path}))"


MYSQL_SERVER_JSON = MySQLServerJson()
