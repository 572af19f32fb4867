"""PostgreSQL's wording of functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ferrow.sql.dialect.calls import Calls
from ferrow.types import SQLType

_UTC = "({0} AT TIME ZONE 'UTC')"


class PostgreSQLCalls(Calls):
    """Casts where the function's own result has another type."""

    templates: ClassVar[Mapping[tuple[str, str] | str, str]] = {
        ("abs", "int"): "CAST(abs({0}) AS bigint)",
        ("sign", "int"): "CAST(sign({0}) AS bigint)",
        ("round", "int"): "CAST(round(CAST({0} AS numeric), {1}) AS bigint)",
        ("round", "float"): "CAST(round(CAST({0} AS numeric), {1}) AS double precision)",
        "trim/1": "btrim({0})",
        "trim/2": "btrim({0}, {1})",
        "sqrt": "CASE WHEN {0} >= 0 THEN sqrt(CAST({0} AS double precision)) END",
        "power": (
            "CASE WHEN NOT ({0} < 0 AND {1} <> floor({1}) OR {0} = 0 AND {1} < 0) "
            "THEN power(CAST({0} AS double precision), CAST({1} AS double precision)) END"
        ),
        # In RETURNING: only a row that was there has been locked by who changed it.
        "inserted": "(xmax = 0)",
        "utc": "(now() AT TIME ZONE 'UTC')",
        "current_date": "CAST(now() AT TIME ZONE 'UTC' AS date)",
    }

    def moment(self, function: str, unit: str, kind: str) -> str:
        """`EXTRACT(year FROM x)`, cast to the promised type; `date_trunc`, which keeps the type of a date."""
        if function == "extract":
            operand = _UTC if kind == "timestamptz" and unit != "epoch" else "{0}"
            type = "double precision" if unit in {"second", "epoch"} else "integer"
            return f"CAST(EXTRACT({unit} FROM {operand}) AS {type})"
        if kind == "timestamptz":
            return f"date_trunc('{unit}', {{0}}, 'UTC')"
        if kind == "date":
            return f"CAST(date_trunc('{unit}', CAST({{0}} AS timestamp)) AS date)"
        return f"date_trunc('{unit}', {{0}})"

    def moved(self, operator: str, kind: str) -> str:
        """`x + y`, in UTC: in the session's zone a day may have 23 hours."""
        if kind == "timestamptz":
            return f"(({{0}} AT TIME ZONE 'UTC' {operator} {{1}}) AT TIME ZONE 'UTC')"
        return f"CAST({{0}} {operator} {{1}} AS date)" if kind == "date" else f"({{0}} {operator} {{1}})"

    def apart(self, kind: str) -> str:
        """`x - y`, which is a number of days if these are dates."""
        return "(CAST({0} AS timestamp) - CAST({1} AS timestamp))" if kind == "date" else "({0} - {1})"

    def extreme(self, name: str, operands: Sequence[str], type: SQLType) -> str:
        """`greatest(a, b)`, which leaves NULLs out."""
        return f"{name}({', '.join(operands)})"
