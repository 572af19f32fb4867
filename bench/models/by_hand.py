"""What a program writes itself over a SQLite driver: stored values become the values it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.models.sqlite import Slotted

_time = datetime.fromisoformat


def row(stored: Sequence[Any]) -> tuple[Any, ...]:
    number, email, age, is_active, created_at = stored
    return number, email, age, is_active != 0, _time(created_at)


def rows(stored: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    return [
        (number, email, age, is_active != 0, _time(created_at)) for number, email, age, is_active, created_at in stored
    ]


def instances(stored: Iterable[Sequence[Any]]) -> list[Slotted]:
    from bench.models.sqlite import Slotted

    return [
        Slotted(number, email, age, is_active != 0, _time(created_at))
        for number, email, age, is_active, created_at in stored
    ]
