"""What came of one combination of model style, database and call style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from installed.compare import Changes


@dataclass
class Answers:
    largest: list[tuple[str, str, int, int]]
    """Name, version, files, bytes."""
    needed: list[tuple[Any, ...]]
    """Name, how many need it, which."""
    types: list[tuple[Any, ...]]
    """Suffix, files, bytes."""
    big: int
    """Files of a megabyte and more."""


@dataclass
class Outcome:
    changes: Changes
    loading: float
    """Seconds."""
    files: int
    reading: float
    """Seconds for all files, as instances."""
    answers: Answers
