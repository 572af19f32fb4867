"""JSON on MariaDB: texts, which its functions look into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ferrow.sql.dialect.json import JsonAnswers
from ferrow.types import SQLType

_NUMBER = "CASE WHEN JSON_TYPE({0}) IN ('INTEGER', 'DOUBLE') THEN CAST({0} AS {type}) END"
# What JSON functions give has a collation of their own, which does not go together with that of a parameter.
COLLATED = "COLLATE utf8mb4_nopad_bin"
_PLAIN = f"JSON_UNQUOTE({{0}}) {COLLATED}"
_TEXT = f"CASE JSON_TYPE({{0}}) WHEN 'STRING' THEN {_PLAIN} END"
_NUMERAL = "'^[-+]?([0-9]{{1,35}}([.][0-9]*)?|[.][0-9]+)$'"

_VALUES = {
    "type": (
        "CASE JSON_TYPE({0}) WHEN 'INTEGER' THEN 'number' WHEN 'DOUBLE' THEN 'number' ELSE LOWER(JSON_TYPE({0})) END"
    ),
    "text": _TEXT,
    "collated": _TEXT,
    "number": _NUMBER.replace("{type}", "decimal(65, 30)"),
    "decimal": (
        "CASE WHEN JSON_TYPE({0}) IN ('INTEGER', 'DOUBLE') THEN CAST({0} AS decimal(65, 30)) "
        f"WHEN JSON_TYPE({{0}}) = 'STRING' AND {_PLAIN} REGEXP {_NUMERAL} "
        "THEN CAST(JSON_UNQUOTE({0}) AS decimal(65, 30)) END"
    ),
    "int": (
        "CASE WHEN JSON_TYPE({0}) IN ('INTEGER', 'DOUBLE') AND CAST({0} AS double) BETWEEN -1e19 AND 1e19 AND "
        "CAST({0} AS decimal(65, 30)) BETWEEN -9223372036854775808 AND 9223372036854775807 AND CAST({0} AS decimal(65, 30)) = FLOOR(CAST({0} AS decimal(65, 30))) "
        "THEN CAST(CAST({0} AS decimal(65, 0)) AS signed) END"
    ),
    "float": _NUMBER.replace("{type}", "double"),
    "bool": "CASE JSON_TYPE({0}) WHEN 'BOOLEAN' THEN {0} = 'true' END",
    "length": "CASE WHEN JSON_TYPE({0}) IN ('ARRAY', 'OBJECT') THEN JSON_LENGTH({0}) END",
}


class MySQLJson(JsonAnswers):
    """MariaDB's answers."""

    null: ClassVar[str] = "'null'"

    def document(self, operand: str, type: SQLType) -> str:
        """As it is."""
        return operand

    def path(self, base: str, type: SQLType, steps: Sequence[tuple[str, str]]) -> str:
        """`JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1)))`, step by step, since what a step is depends on where it is taken."""
        text = base
        for kind, place in steps:
            key = f"JSON_EXTRACT({text}, CONCAT('$.', JSON_QUOTE({place}) {COLLATED}))"
            index = f"JSON_EXTRACT({text}, CONCAT('$[', CAST({place} AS signed), ']'))"
            if kind == "key":
                text = key
            elif kind == "index":
                text = f"CASE JSON_TYPE({text}) WHEN 'ARRAY' THEN {index} END"
            else:
                text = f"CASE JSON_TYPE({text}) WHEN 'ARRAY' THEN {index} ELSE {key} END"
        return f"NULLIF({text}, 'null')"

    def value(self, what: str, document: str) -> str:
        """By JSON_TYPE."""
        return _VALUES[what].format(document)

    def order(self, document: str) -> str:
        """A text that sorts by type first; numbers are turned into digits that sort as they do."""
        kind = (
            f"CASE JSON_TYPE({document}) WHEN 'STRING' THEN '1' WHEN 'INTEGER' THEN '2' WHEN 'DOUBLE' THEN '2' "
            f"WHEN 'BOOLEAN' THEN '3' WHEN 'ARRAY' THEN '4' ELSE '5' END"
        )
        digits = f"LPAD(CAST({document} AS decimal(64, 30)) + 1000000000000000000000000000000000, 70, '0')"
        inside = (
            f"CASE JSON_TYPE({document}) WHEN 'STRING' THEN {_PLAIN.format(document)} WHEN 'INTEGER' THEN {digits} "
            f"WHEN 'DOUBLE' THEN {digits} WHEN 'BOOLEAN' THEN {document} {COLLATED} ELSE '' END"
        )
        return f"CASE WHEN {document} IS NOT NULL THEN CONCAT({kind}, {inside}) END"

    def contains(self, outer: str, inner: str) -> str:
        """`JSON_CONTAINS(outer, inner)`."""
        return f"JSON_CONTAINS({outer}, {inner})"

    def has(self, document: str, key: str) -> str:
        """Whether the path exists; on arrays it would not."""
        return f"(JSON_TYPE({document}) = 'OBJECT' AND JSON_EXISTS({document}, CONCAT('$.', JSON_QUOTE({key}) {COLLATED})))"

    def number(self, operand: str) -> str:
        """A decimal's text is a JSON number."""
        return f"CAST({operand} AS char)"


MYSQL_JSON = MySQLJson()
