"""What ferrow's SQLite connections register, in Python: the meaning of those functions, for tests on the standard library's sqlite3."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import pytest

from ferrow.wire.sqlite_regular import search
from tests.support import json_model

_EXACT = Context(prec=3_000)

numbered = pytest.mark.filterwarnings("ignore:Binding .* is a named parameter:DeprecationWarning")
"""For tests that give our SQL to sqlite3 as it is: what Python 3.12.0 to 3.12.3 say of `?1` (ferrow/wire/dbapi/drivers/sqlite_numbers.py)."""


def like(text: str | None, pattern: str | None, *, fold: bool = False) -> int | None:
    if text is None or pattern is None:
        return None
    expression, rest = "", iter(pattern)
    for character in rest:
        if character == "\\":
            escaped = next(rest, None)
            if escaped is None:
                raise ValueError("LIKE pattern must not end with escape character")
            expression += re.escape(escaped)
        else:
            expression += {"%": ".*", "_": "."}.get(character) or re.escape(character)
    return int(re.fullmatch(expression, text, re.DOTALL | (re.IGNORECASE if fold else 0)) is not None)


def canonical_json(text: str | None) -> str | None:
    return None if text is None else json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def _document(name: str) -> Any:
    def function(text: str | None, *rest: Any) -> Any:
        if text is None or None in rest:
            return None
        value = json.loads(text, parse_float=Decimal)
        number = value if json_model.kind(value) == "number" else None
        results: dict[str, Any] = {
            "at": lambda: json_model.at(value, [*rest]),
            "type": lambda: {"text": "string", "bool": "boolean"}.get(json_model.kind(value), json_model.kind(value)),
            "text": lambda: value if isinstance(value, str) else None,
            "number": lambda: None if number is None else str(number),
            "decimal": lambda: None if number is None else str(number),
            "int": lambda: number if isinstance(number, int) else None,
            "float": lambda: None if number is None else float(number),
            "bool": lambda: int(value) if isinstance(value, bool) else None,
            "length": lambda: len(value) if isinstance(value, (list, dict)) else None,
            "order": lambda: repr(json_model.order(value)),
            "contains": lambda: json_model.contains(value, json.loads(rest[0])),
            "has": lambda: json_model.compare("has_key", value, rest[0]),
        }
        found = results[name]()
        return json.dumps(found) if name == "at" and found is not None else found

    return function


def _calculated(operation: str) -> Any:
    def function(left: Any, right: Any) -> str | None:
        if left is None or right is None:
            return None
        return format(getattr(_EXACT, operation)(Decimal(left), Decimal(right)), "f")

    return function


def _total(values: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = _EXACT.add(total, value)
    return total


class _Sum:
    def __init__(self) -> None:
        self.values: list[Decimal] = []

    def step(self, value: Any) -> None:
        if value is not None:
            self.values.append(Decimal(value))

    def finalize(self) -> str | None:
        return format(_total(self.values), "f") if self.values else None


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Divide as PostgreSQL's numeric does: at least 16 significant digits, counted in groups of four, half away from zero."""

    def first_group(number: Decimal) -> tuple[int, int]:
        if not number:
            return 0, 0
        weight = number.adjusted() // 4
        return weight, int(abs(number).scaleb(-4 * weight, _EXACT))

    (above, first), (below, second) = first_group(dividend), first_group(divisor)
    groups = above - below - (first <= second)
    scales = [-int(number.as_tuple().exponent) for number in (dividend, divisor)]
    scale = min(max(16 - 4 * groups, *scales, 0), 1000)
    return _EXACT.divide(dividend, divisor).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _EXACT)


class _Avg(_Sum):
    def finalize(self) -> str | None:
        if not self.values:
            return None
        return format(quotient(_total(self.values), Decimal(len(self.values))), "f")


_MOMENTS: dict[str, type[date]] = {"date": date, "timestamp": datetime, "timestamptz": datetime}
_TICK = timedelta(microseconds=1)


def _moved(kind: str) -> Any:
    def function(text: str | None, by: int | None) -> str | None:
        if text is None or by is None:
            return None
        moment = _MOMENTS[kind].fromisoformat(text) + by * _TICK
        return moment.isoformat(" ", "microseconds") if isinstance(moment, datetime) else moment.isoformat()

    return function


def _apart(kind: str) -> Any:
    def function(end: str | None, start: str | None) -> int | None:
        if end is None or start is None:
            return None
        read = _MOMENTS[kind].fromisoformat
        length: timedelta = read(end) - read(start)
        return length // _TICK

    return function


def connect() -> sqlite3.Connection:
    """Open an in-memory database with all of them."""
    connection = sqlite3.connect(":memory:")
    connection.create_collation("decimal", lambda a, b: (Decimal(a) > Decimal(b)) - (Decimal(a) < Decimal(b)))
    connection.create_function("ferrow_like", 2, like, deterministic=True)
    connection.create_function("ferrow_ilike", 2, lambda t, p: like(t, p, fold=True), deterministic=True)
    connection.create_function("ferrow_json", 1, canonical_json, deterministic=True)
    for name in ("type", "text", "number", "decimal", "int", "float", "bool", "length", "order"):
        connection.create_function(f"ferrow_json_{name}", 1, _document(name), deterministic=True)
    for name, arguments in (("at", -1), ("contains", 2), ("has", 2)):
        connection.create_function(f"ferrow_json_{name}", arguments, _document(name), deterministic=True)
    for name, operation in (("add", "add"), ("sub", "subtract"), ("mul", "multiply")):
        connection.create_function(f"decimal_{name}", 2, _calculated(operation), deterministic=True)
    for kind in _MOMENTS:
        connection.create_function(f"ferrow_{kind}_moved", 2, _moved(kind), deterministic=True)
        connection.create_function(f"ferrow_{kind}_apart", 2, _apart(kind), deterministic=True)
    connection.create_function("ferrow_matches", 3, lambda t, p, f: None if None in (t, p) else search(t, p, bool(f)))
    for name, case in (("lower", str.lower), ("upper", str.upper)):
        connection.create_function(f"ferrow_{name}", 1, lambda text, case=case: None if text is None else case(text))
    connection.create_aggregate("decimal_sum", 1, _Sum)  # type: ignore[arg-type]  # the stub wants finalize() -> int
    connection.create_aggregate("decimal_avg", 1, _Avg)  # type: ignore[arg-type]
    return connection
