"""Attributes that are put back if what they were set for fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_MISSING = object()


class Undo:
    """What attributes were before they were set."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: list[tuple[Any, str, Any]] = []

    def keep(self, instance: Any, keys: Iterable[str]) -> None:
        """Remember these attributes as they are now."""
        for key in keys:
            self._before.append((instance, key, getattr(instance, key, _MISSING)))

    def back(self) -> None:
        """Put all back, the last first, also on frozen instances."""
        for instance, key, value in reversed(self._before):
            if value is not _MISSING:
                object.__setattr__(instance, key, value)
            elif hasattr(instance, key):
                object.__delattr__(instance, key)
        self._before = []
