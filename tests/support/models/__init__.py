"""The same three tables in each model style: `users`, `posts` that refer to them, `samples` with a column of every type."""

from __future__ import annotations

import importlib
from types import ModuleType

STYLES = ("declarative", "dataclass", "pydantic")
SAMPLE_KEYS = (
    "flag",
    "whole",
    "real",
    "text",
    "raw",
    "day",
    "clock",
    "moment",
    "instant",
    "token",
    "amount",
    "document",
    "entries",
    "tags",
    "marks",
)
"""The columns of `samples` besides `id`: bool, int, float, str, bytes, date, time, naive and aware datetime, UUID, Decimal,
dict, list, lists of str and of bool. All of them may be NULL."""


def models(style: str) -> ModuleType:
    """The module with `User`, `Post` and `Sample` in the given style."""
    return importlib.import_module(f"tests.support.models.{style}_style")
