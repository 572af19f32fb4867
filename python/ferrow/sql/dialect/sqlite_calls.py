"""SQLite's wording of functions, with those that ferrow's connections register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ferrow.sql.dialect.calls import Calls
from ferrow.sql.dialect.sqlite_enum import label_at, labels_of, place_of
from ferrow.types import Numeric, SQLType

# Without the fraction of a second: SQLite would round it to milliseconds, and 23:59:59.999999 to the next day.
_SECONDS = {"date": "{0}", "time": "substr({0}, 1, 8)"}
_WHOLE = "substr({0}, 1, 19)"

_PARTS = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "isoyear": "%G",
    "week": "%V",
    "doy": "%j",
    "dow": "%w",
    "isodow": "%u",
}

_BEGINNINGS = {
    "year": "%Y-01-01",
    "month": "%Y-%m-01",
    "week": "%Y-%m-%d",
    "day": "%Y-%m-%d",
    "hour": "%Y-%m-%d %H:00:00",
    "minute": "%Y-%m-%d %H:%M:00",
    "second": "%Y-%m-%d %H:%M:%S",
}


class SQLiteCalls(Calls):
    """Functions of ours where SQLite knows ASCII only, calculates decimals as floats, or gives another type."""

    templates: ClassVar[Mapping[tuple[str, str] | str, str]] = {
        "lower": "ferrow_lower({0})",
        "upper": "ferrow_upper({0})",
        ("abs", "decimal"): "decimal_abs({0})",
        ("sign", "decimal"): "decimal_sign({0})",
        ("sign", "float"): "CAST(sign({0}) AS REAL)",
        ("ceil", "decimal"): "decimal_ceil({0})",
        ("floor", "decimal"): "decimal_floor({0})",
        ("round", "decimal"): "decimal_round({0}, {1})",
        ("round", "float"): "ferrow_round({0}, {1})",
        ("round", "int"): "CAST(decimal_round({0}, {1}) AS INTEGER)",
        # What lies before the first character counts as there, as PostgreSQL has it.
        "substr/3": "substr({0}, max({1}, 1), max(min({1}, 1) - 1 + {2}, 0))",
        "substr/2": "substr({0}, max({1}, 1))",
        "sqrt": "sqrt(CAST({0} AS REAL))",
        "power": (
            "CASE WHEN NOT (CAST({0} AS REAL) < 0 AND CAST({1} AS REAL) <> floor(CAST({1} AS REAL)) "
            "OR CAST({0} AS REAL) = 0 AND CAST({1} AS REAL) < 0) THEN power(CAST({0} AS REAL), CAST({1} AS REAL)) END"
        ),
        # Milliseconds are all SQLite's clock gives; the zeros make the text as long as every stored value.
        "now": "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')",
        "utc": "strftime('%Y-%m-%d %H:%M:%f000', 'now')",
        "current_date": "date('now')",
    }

    def moment(self, function: str, unit: str, kind: str) -> str:
        """From the text that moments are stored as."""
        if function == "extract":
            return _part(unit, kind)
        return _beginning(unit, kind)

    def moved(self, operator: str, kind: str) -> str:
        """A function of ours, exact to the microsecond."""
        return f"ferrow_{kind}_moved({{0}}, {'-' if operator == '-' else ''}{{1}})"

    def apart(self, kind: str) -> str:
        """A function of ours."""
        return f"ferrow_{kind}_apart({{0}}, {{1}})"

    def extreme(self, name: str, operands: Sequence[str], type: SQLType) -> str:
        """`max(a, b)` is NULL where one of them is, so each stands in for the others."""
        word = "max" if name == "greatest" else "min"
        labels = labels_of(type)
        if labels:  # by the places in the list, as they are sorted
            operands = [place_of(labels, "{}").format(operand) for operand in operands]
        # A collation is that of the first operand, and a call around it would hide it.
        turned = [[*operands[index:], *operands[:index]] for index in range(len(operands))]
        collation = " COLLATE decimal" if isinstance(type, Numeric) else ""
        each = [f"coalesce({', '.join(order)}){collation}" for order in turned]
        found = f"{word}({', '.join(each)})"
        return label_at(labels, "{}").format(found) if labels else found


def _part(unit: str, kind: str) -> str:
    whole = _SECONDS.get(kind, _WHOLE)
    if unit == "second":
        return f"CAST(substr({{0}}, {7 if kind == 'time' else 18}) AS REAL)"
    if unit == "epoch":
        days = f"CAST(unixepoch({whole}) AS REAL)"
        return days if kind == "date" else f"({days} + CAST('0' || substr({{0}}, 20, 7) AS REAL))"
    if unit == "quarter":
        return f"((CAST(strftime('%m', {whole}) AS INTEGER) + 2) / 3)"
    return f"CAST(strftime('{_PARTS[unit]}', {whole}) AS INTEGER)"


def _beginning(unit: str, kind: str) -> str:
    whole = _SECONDS.get(kind, _WHOLE)
    midnight = "" if kind == "date" else " 00:00:00"
    ending = {"date": "", "timestamp": ".000000", "timestamptz": ".000000+00:00"}[kind]
    if unit == "quarter":
        month = f"printf('%02d', (CAST(strftime('%m', {whole}) AS INTEGER) - 1) / 3 * 3 + 1)"
        return f"(strftime('%Y-', {whole}) || {month} || '-01{midnight}{ending}')"
    form = _BEGINNINGS[unit] + (midnight if unit not in {"hour", "minute", "second"} else "") + ending
    monday = ", '-6 days', 'weekday 1'" if unit == "week" else ""
    return f"strftime('{form}', {whole}{monday})"
