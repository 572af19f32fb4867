"""MariaDB's wording of functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ferrow.sql.dialect.calls import Calls
from ferrow.types import Enum, Integer, SQLType

_PARTS = {
    "year": "YEAR({0})",
    "quarter": "QUARTER({0})",
    "month": "MONTH({0})",
    "day": "DAY({0})",
    "hour": "HOUR({0})",
    "minute": "MINUTE({0})",
    "second": "CAST(SECOND({0}) + MICROSECOND({0}) / 1000000 AS double)",
    "week": "WEEK({0}, 3)",
    "isoyear": "YEARWEEK({0}, 3) DIV 100",
    "doy": "DAYOFYEAR({0})",
    "dow": "(DAYOFWEEK({0}) - 1)",
    "isodow": "(WEEKDAY({0}) + 1)",
    "epoch": "CAST(TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', {0}) / 1000000 AS double)",
}
_BEGINNINGS = {
    "year": "%Y-01-01",
    "month": "%Y-%m-01",
    "day": "%Y-%m-%d",
    "hour": "%Y-%m-%d %H:00:00",
    "minute": "%Y-%m-%d %H:%i:00",
    "second": "%Y-%m-%d %H:%i:%s",
}

MOMENT = "CAST(NOW(6) AS char)"
THERE = "@`ferrow_there`"
"""The moment of the last statement that came upon a row that was there; a statement's moment is one for all its rows."""

OTHER_KEY = "(SELECT NULL /* another unique key */ UNION ALL SELECT NULL)"
"""What fails if it is asked for: the row in the way has another key than the one that was named. The wire knows this text."""


def words(type: Enum) -> str:
    """The words of a list as literals inside a template; they come from a class, and there is no parameter for them."""
    texts = [
        word.replace("\\", "\\\\").replace("'", "''").replace("{", "{{").replace("}", "}}") for word in type.labels
    ]
    return ", ".join([f"'{text}'" for text in texts])


def place_of(type: Enum, operand: str) -> str:
    """The template of a word's place in its list, which is how PostgreSQL's enumerated types are sorted."""
    return f"NULLIF(FIELD({operand}, {words(type)}), 0)"


_ANY_OF = "'[\\\\Q', REPLACE({1}, '\\\\E', '\\\\E\\\\\\\\E\\\\Q'), '\\\\E]+'"
"""A class of characters in PCRE; what stands between \\\\Q and \\\\E means itself."""


def _trimmed(*pattern: str) -> str:
    """A text without characters at its ends: TRIM takes no set of them."""
    said = f"REGEXP_REPLACE({{0}}, CONCAT('(?-i)', {', '.join(pattern)}), '')"
    return f"IF(CHAR_LENGTH({{1}}) = 0, {{0}}, {said})"


class MySQLCalls(Calls):
    """Names and casts that are MariaDB's own."""

    templates: ClassVar[Mapping[tuple[str, str] | str, str]] = {
        "length": "CHAR_LENGTH({0})",
        ("length", "bytes"): "LENGTH({0})",
        ("abs", "int"): "CAST(ABS({0}) AS signed)",
        ("sign", "decimal"): "CAST(SIGN({0}) AS decimal(2, 0))",
        ("sign", "float"): "CAST(SIGN({0}) AS double)",
        "ceil": "CEILING({0})",
        ("round", "int"): "CAST(ROUND({0}, {1}) AS signed)",
        # By 15 significant digits first, as everywhere: what a float shows of more is not what was meant.
        ("round", "float"): "IF(ABS({0}) < 1e34, CAST(ROUND(ROUND(CAST({0} AS decimal(65, 30)), "
        "IF({0} = 0, 0, 14 - FLOOR(LOG10(ABS({0}))))), {1}) AS double), {0})",
        "trim/1": "TRIM({0})",
        "ltrim/2": _trimmed("'^'", _ANY_OF),
        "rtrim/2": _trimmed(_ANY_OF, "'\\\\z'"),
        "trim/2": _trimmed("'^'", _ANY_OF, "'|'", _ANY_OF, "'\\\\z'"),
        # What lies before the first character counts as there, as PostgreSQL has it.
        "substr/3": "SUBSTR({0}, GREATEST({1}, 1), GREATEST(LEAST({1}, 1) - 1 + {2}, 0))",
        "substr/2": "SUBSTR({0}, GREATEST({1}, 1))",
        "power": (
            "CASE WHEN NOT ({0} < 0 AND {1} <> FLOOR({1}) OR {0} = 0 AND {1} < 0) "
            "THEN POWER(CAST({0} AS double), CAST({1} AS double)) END"
        ),
        "inserted": f"IF({THERE} <=> {MOMENT}, ({THERE} := NULL) IS NOT NULL, TRUE)",
        "now": "NOW(6)",
        "utc": "UTC_TIMESTAMP(6)",
        "current_date": "UTC_DATE()",
    }

    def template(self, name: str, kind: str, count: int) -> str | None:
        """As elsewhere."""
        if name == "concat":  # which leaves out NULLs, as elsewhere
            return f"CONCAT_WS('', {', '.join([f'{{{place}}}' for place in range(count)])})"
        return super().template(name, kind, count)

    def moment(self, function: str, unit: str, kind: str) -> str:
        """`YEAR(x)` and its siblings; a beginning is written and read again."""
        if function == "extract":
            if unit == "epoch" and kind == "time":
                return "CAST(TIME_TO_SEC({0}) AS double)"
            return _PARTS[unit]
        type_ = "date" if kind == "date" else "datetime(6)"
        if unit == "week":
            return f"CAST(DATE({{0}}) - INTERVAL WEEKDAY({{0}}) DAY AS {type_})"
        if unit == "quarter":
            return f"CAST(MAKEDATE(YEAR({{0}}), 1) + INTERVAL (QUARTER({{0}}) - 1) * 3 MONTH AS {type_})"
        return f"CAST(DATE_FORMAT({{0}}, '{_BEGINNINGS[unit]}') AS {type_})"

    def moved(self, operator: str, kind: str) -> str:
        """`x + INTERVAL y MICROSECOND`; NULL where that leaves the years 1 to 9999."""
        said = f"({{0}} {operator} INTERVAL {{1}} MICROSECOND)"
        return f"CAST({said} AS date)" if kind == "date" else said

    def apart(self, kind: str) -> str:
        """`TIMESTAMPDIFF`, from the first to the second."""
        return "TIMESTAMPDIFF(MICROSECOND, {1}, {0})"

    def extreme(self, name: str, operands: Sequence[str], type: SQLType) -> str:
        """`GREATEST(a, b)` is NULL where one of them is, so each stands in for the others."""
        if isinstance(type, Enum):
            places = self.extreme(name, [place_of(type, "{}").format(operand) for operand in operands], Integer())
            return f"ELT({places}, {words(type).format()})"
        turned = [[*operands[index:], *operands[:index]] for index in range(len(operands))]
        each = [f"COALESCE({', '.join(order)})" for order in turned]
        return f"{name.upper()}({', '.join(each)})"
