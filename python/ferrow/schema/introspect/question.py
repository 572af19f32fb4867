"""One question to the database, and what a conversation of them is."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, NamedTuple, TypeAlias

from ferrow.schema.found import FoundTable


class Question(NamedTuple):
    """A statement with native placeholders; its rows are wanted as tuples."""

    sql: str
    params: tuple[Any, ...] = ()


Rows: TypeAlias = Sequence[tuple[Any, ...]]
Reading: TypeAlias = Generator[Question, Rows, list[FoundTable]]


def spelled(action: str | None) -> str | None:
    """What a foreign key does, None for what it does without being told."""
    word = (action or "").upper()
    return None if word in ("", "NO ACTION") else word
