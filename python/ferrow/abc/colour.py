"""What a method says of the call styles it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def async_only(function: F) -> F:
    """Mark a method of an `AsyncX` class that has no sync twin."""
    function.__async_only__ = True  # type: ignore[attr-defined]
    return function
