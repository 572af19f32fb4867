"""The statement that calls a function of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ferrow.errors import ProgrammingError
from ferrow.identifier import in_quotes


def call_sql(name: str, params: Sequence[Any] | Mapping[str, Any]) -> tuple[str, list[Any]]:
    """`SELECT * FROM "schema"."name"(...)` and its values.

    Raises ProgrammingError for a name that cannot be one: not `name` or `schema.name`, an empty part, a NUL character.
    """
    if not isinstance(name, str):
        raise ProgrammingError(f"the name of a function is a str, not {type(name).__name__}")
    parts = name.split(".")
    if len(parts) > 2:
        raise ProgrammingError(f"the function {name!r} has {len(parts)} parts; it is called name or schema.name")
    function = ".".join([_quoted(part, name) for part in parts])
    if isinstance(params, Mapping):
        labels = [f"{_quoted(label, label)} => " for label in params]
        values = [*params.values()]
    else:
        labels = [""] * len(params)
        values = [*params]
    arguments = ", ".join([f"{label}${number}" for number, label in enumerate(labels, 1)])
    return f"SELECT * FROM {function}({arguments})", values


def _quoted(part: Any, whole: Any) -> str:
    if not isinstance(part, str) or not part or "\0" in part:
        raise ProgrammingError(
            f"{whole!r} is no name of a function or argument: a part is empty, no str, or has a NUL character"
        )
    return in_quotes(part)
