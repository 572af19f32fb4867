"""Type variables of this room, in one place so that generated code can import them."""

from __future__ import annotations

from typing import TypeVar

M = TypeVar("M")
"""A model class."""

T = TypeVar("T")
"""The type of a column or of a value."""
