"""What the columns of these models hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Color(Enum):
    """Not in the order of the alphabet."""

    RED = "r"
    GREEN = "g"
    BLUE = "b"


class Level(Enum):
    LOW = 1
    MID = 2
    HIGH = 3


@dataclass
class Doc:
    a: int
    b: str | None = None
    price: Decimal | None = None
