"""How notebooks show instances of models."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from ferrow.model.binding import table_of
from ferrow.model.export import to_dict
from ferrow.notebook import record, table


def instance(one: object) -> str:
    """An instance of any model, with what is set of it."""
    values = to_dict(one)
    return record(type(one).__name__, values.keys(), values.values())


def instances(items: Sequence[Any], title: str) -> str:
    """Instances of one model as a table, under a line that says what they are."""
    names = list(table_of(type(items[0])).by_key) if items else []
    rows = ([getattr(one, name, None) for name in names] for one in items)
    return f"<p>{escape(title)}</p>{table(names, rows, len(items))}"
