"""What every expression has: a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from ferrow.sql.node import Node
from ferrow.types import SQLType

if TYPE_CHECKING:
    from ferrow.sql.expr import Condition

T = TypeVar("T")


class Typed(Node, Generic[T]):
    """A node that yields a value of Python type `T`.

    Attributes:
        type: its SQL type.
    """

    __slots__ = ("type",)

    type: SQLType

    def _described(self) -> str:
        text = super()._described()
        return text if len(text) <= 120 else f"{text[:117]}..."

    quantified: ClassVar[bool] = False
    """Whether this is `any_(...)` or `all_(...)`, which a comparison takes apart."""

    _encodes: ClassVar[bool] = False
    """Whether `_sent` makes something else of values."""

    def _sent(self, value: Any) -> Any:
        """What a value that is compared with this is sent as."""
        return value

    def compared(self, left: Any, operator: str) -> Condition:
        """`left operator self`, for what is quantified."""
        raise NotImplementedError

    def turned(self, left: Any, operator: str) -> Condition:
        """`self operator left`, for what is quantified."""
        raise NotImplementedError


set_type = Typed.__dict__["type"].__set__  # see node.py
