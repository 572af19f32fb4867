"""What rows become: what the call says, and what checkers make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from ferrow._core import Row

    R_co = TypeVar("R_co", covariant=True, default=Any)
    Made = TypeVar("Made", default=Row)
    """What a `Shape` makes; without one, a `Row`."""
else:
    from typing import TypeVar

    R_co = TypeVar("R_co", covariant=True)
    Made = TypeVar("Made")

RowShape: TypeAlias = Literal["tuple", "row", "dict"]
