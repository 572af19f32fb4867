"""Type variables of this room, in one place so that generated code can import them."""

from __future__ import annotations

from typing import Any, TypeVar

M = TypeVar("M")
"""A model class."""

T = TypeVar("T")
"""The type of a column or of a value."""

R = TypeVar("R", bound="tuple[Any, ...]", covariant=True)
"""A row: the types of its elements, as a tuple."""

T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
T6 = TypeVar("T6")
T7 = TypeVar("T7")
T8 = TypeVar("T8")
