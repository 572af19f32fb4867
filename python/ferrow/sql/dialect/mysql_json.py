"""JSON on MariaDB: texts, which its functions look into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ferrow.sql.dialect.json import JsonAnswers
from ferrow.types import SQLType

_NUMBER = "CASE WHEN JSON_TYPE({0}) IN ('INTEGER', 'DOUBLE') THEN CAST({0} AS {type}) END"
# What JSON functions give has a collation of their own, which does not go together with that of a parameter.
COLLATED = "COLLATE utf8mb4_nopad_bin"
_PLAIN = f"JSON_UNQUOTE({{0}}) {COLLATED}"
_TEXT = f"CASE JSON_TYPE({{0}}) WHEN 'STRING' THEN {_PLAIN} END"
NUMERAL = "'^[-+]?([0-9]{{1,35}}([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{{1,3}})?$'"
# What is too large is cut off by CAST without a word, or fails in an UPDATE.
FITS = "ABS(CAST(JSON_UNQUOTE({0}) AS double)) < 1e35"

_VALUES = {
    "type": (
        "CASE JSON_TYPE({0}) WHEN 'INTEGER' THEN 'number' WHEN 'DOUBLE' THEN 'number' ELSE LOWER(JSON_TYPE({0})) END"
    ),
    "text": _TEXT,
    "collated": _TEXT,
    "number": _NUMBER.replace("{type}", "decimal(65, 30)"),
    "decimal": (
        f"CASE WHEN JSON_TYPE({{0}}) IN ('INTEGER', 'DOUBLE') THEN IF({FITS}, CAST({{0}} AS decimal(65, 30)), NULL) "
        f"WHEN JSON_TYPE({{0}}) = 'STRING' AND {_PLAIN} REGEXP {NUMERAL} "
        f"THEN IF({FITS}, CAST(JSON_UNQUOTE({{0}}) AS decimal(65, 30)), NULL) END"
    ),
    "int": (
        "CASE WHEN JSON_TYPE({0}) IN ('INTEGER', 'DOUBLE') AND CAST({0} AS double) BETWEEN -1e19 AND 1e19 "
        "AND CAST({0} AS double) = FLOOR(CAST({0} AS double)) "
        "AND CAST({0} AS decimal(65, 30)) BETWEEN -9223372036854775808 AND 9223372036854775807 "
        "AND CAST({0} AS decimal(65, 30)) = FLOOR(CAST({0} AS decimal(65, 30))) "
        "THEN CAST(CAST({0} AS decimal(65, 0)) AS signed) END"
    ),
    "float": (
        "CASE WHEN JSON_TYPE({0}) IN ('INTEGER', 'DOUBLE') AND ABS(CAST({0} AS double)) < 1.7976931348623157e308 "
        "THEN CAST({0} AS double) END"
    ),
    "bool": "CASE JSON_TYPE({0}) WHEN 'BOOLEAN' THEN {0} = 'true' END",
    "length": "CASE WHEN JSON_TYPE({0}) IN ('ARRAY', 'OBJECT') THEN JSON_LENGTH({0}) END",
}


class MySQLJson(JsonAnswers):
    """MariaDB's answers, and what differs on a MySQL server."""

    null: ClassVar[str] = "'null'"
    values: ClassVar[Mapping[str, str]] = _VALUES
    collated: ClassVar[str] = COLLATED
    kind: ClassVar[str] = "JSON_TYPE({})"
    """The type of a document, to compare with a text."""
    element: ClassVar[str] = "JSON_COMPACT({})"
    """A document as an element of an array."""
    same: ClassVar[str] = "JSON_NORMALIZE({}) = JSON_NORMALIZE({})"
    """Whether two documents that hold no others are the same."""

    def document(self, operand: str, type: SQLType) -> str:
        """As it is."""
        return operand

    def path(self, base: str, type: SQLType, steps: Sequence[tuple[str, str]]) -> str:
        """`JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1)))`, step by step, since what a step is depends on where it is taken."""
        text = base
        for step, place in steps:
            key = f"JSON_EXTRACT({text}, CONCAT('$.', JSON_QUOTE({place}) {self.collated}))"
            number = f"CAST({place} AS signed)"
            # Counted from the end by ourselves: MariaDB's paths cannot before 10.9, MySQL's not by a negative number.
            index = self.at(text, f"IF({number} < 0, {number} + JSON_LENGTH({text}), {number})")
            if step == "key":
                text = key
            else:
                otherwise = "" if step == "index" else f" ELSE {key}"
                text = f"CASE {self.kind.format(text)} WHEN 'ARRAY' THEN {index}{otherwise} END"
        return f"NULLIF({text}, {self.null})"

    def at(self, document: str, number: str) -> str:
        """The element of an array, counted from 0."""
        return f"JSON_EXTRACT({document}, CONCAT('$[', {number}, ']'))"

    def value(self, what: str, document: str) -> str:
        """By JSON_TYPE."""
        return self.values[what].format(document)

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
        """`JSON_CONTAINS(outer, inner)`, which looks for everything in the arrays in an array as well: that is taken out."""
        wanted = f"IF({self.kind.format(inner)} = 'ARRAY', {inner}, JSON_ARRAY({self.element.format(inner)}))"
        same = (
            f"IF({self.kind.format('ferrow_i.value')} IN ('ARRAY', 'OBJECT'), JSON_TYPE(ferrow_o.value) = JSON_TYPE(ferrow_i.value) "
            f"AND JSON_CONTAINS(ferrow_o.value, ferrow_i.value), {self.same.format('ferrow_o.value', 'ferrow_i.value')})"
        )
        there = f"EXISTS (SELECT 1 FROM {_elements(outer, 'ferrow_o')} WHERE {same})"
        missing = f"SELECT 1 FROM {_elements(wanted, 'ferrow_i')} WHERE NOT {there}"
        return f"(JSON_CONTAINS({outer}, {inner}) AND ({self.kind.format(outer)} <> 'ARRAY' OR NOT EXISTS ({missing})))"

    def has(self, document: str, key: str) -> str:
        """Whether the path exists; on arrays it would not."""
        return f"(JSON_TYPE({document}) = 'OBJECT' AND JSON_EXISTS({document}, CONCAT('$.', JSON_QUOTE({key}) {COLLATED})))"

    def number(self, operand: str) -> str:
        """A decimal's text is a JSON number."""
        return f"CAST({operand} AS char)"


def _elements(document: str, name: str) -> str:
    return f"JSON_TABLE({document}, '$[*]' COLUMNS (value json PATH '$')) AS {name}"


MYSQL_JSON = MySQLJson()
