"""What filters on JSON mean, in plain Python: True, False, or None where SQL says unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def at(document: Any, steps: list[str | int]) -> Any:
    """The value at the end of a path; None where there is none. A str is a key, an int a position."""
    for step in steps:
        if isinstance(step, str):
            if not isinstance(document, dict) or step not in document:
                return None
            document = document[step]
        else:
            if not isinstance(document, list) or not -len(document) <= step < len(document):
                return None
            document = document[step]
    return document


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return {int: "number", float: "number", Decimal: "number", str: "text", list: "array", dict: "object"}.get(
        type(value), "null"
    )


def exact(value: Any) -> Any:
    """A value that Python compares as the databases do."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def same(one: Any, other: Any) -> bool:
    if kind(one) != kind(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(exact(one) == exact(other))


def contains(outer: Any, inner: Any) -> bool:
    if isinstance(outer, list) and not isinstance(inner, (list, dict)):
        return any(same(item, inner) for item in outer)
    return _deeply(outer, inner)


def _deeply(outer: Any, inner: Any) -> bool:
    if isinstance(outer, dict) and isinstance(inner, dict):
        return all(key in outer and _deeply(outer[key], value) for key, value in inner.items())
    if isinstance(outer, list) and isinstance(inner, list):
        return all(any(_deeply(item, wanted) for item in outer) for wanted in inner)
    return same(outer, inner)


def compare(operator: str, found: Any, value: Any) -> bool | None:
    """`found` (what stands in the document) against a value, by the name of a keyword's operator."""
    if operator == "isnull":
        return found is None
    if operator in ("in", "notin") and not value:  # of nothing nobody has to know more
        return operator == "notin"
    if found is None:
        return None
    if operator == "eq":
        return same(found, value)
    if operator == "ne":
        return not same(found, value)
    if operator == "in":
        return any(same(found, item) for item in value)
    if operator == "notin":
        return not any(same(found, item) for item in value)
    if operator == "contains":
        return value in found if isinstance(found, str) and isinstance(value, str) else contains(found, value)
    if operator == "json_contains":
        return contains(found, value)
    if operator == "has_key":
        return isinstance(found, dict) and value in found
    if kind(found) != kind(value):
        return None
    one, other = exact(found), exact(value)
    return {"gt": one > other, "gte": one >= other, "lt": one < other, "lte": one <= other}[operator]


def order(value: Any) -> tuple[Any, ...]:
    """What ORDER BY sorts values (not None) by."""
    rank = ["text", "number", "bool", "array", "object"].index(kind(value))
    return (rank, exact(value)) if rank < 3 else (rank,)
