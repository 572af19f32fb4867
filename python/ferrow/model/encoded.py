"""Columns whose Python values are not what the database stores: `User.status == Status.ACTIVE` must send "active"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ferrow.sql import ColumnRef, Source
from ferrow.sql.expr import Condition, Expr
from ferrow.sql.node import Node
from ferrow.types import SQLType


class EncodedRef(ColumnRef[Any]):
    """A column that encodes the values it is compared with."""

    __slots__ = ("_encode",)

    _encodes = True
    _encode: Callable[[Any], Any]

    def __init__(
        self,
        table: Source,
        name: str,
        type: SQLType,
        encode: Callable[[Any], Any],
        *,
        key: str,
        nullable: bool,
        decode: Callable[[Any], Any] | None = None,
    ) -> None:
        """Refer to a column; `encode` never gets None."""
        object.__setattr__(self, "_encode", encode)
        super().__init__(table, name, type, key=key, nullable=nullable, decode=decode)

    def of(self, table: Source, name: str | None = None) -> EncodedRef:
        """Return the same column of another source, called `name` there if not by its own name."""
        key, decode = self.key if name is None else name, self.decode
        called = name or self.name
        return EncodedRef(table, called, self.type, self._encode, key=key, nullable=self.nullable, decode=decode)

    def _sent(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Expr) else self._encode(value)

    def __eq__(self, other: Any) -> Condition:  # type: ignore[override]
        return super().__eq__(self._sent(other))

    def __ne__(self, other: Any) -> Condition:  # type: ignore[override]
        return super().__ne__(self._sent(other))

    def __lt__(self, other: Any) -> Condition:
        return super().__lt__(self._sent(other))

    def __le__(self, other: Any) -> Condition:
        return super().__le__(self._sent(other))

    def __gt__(self, other: Any) -> Condition:
        return super().__gt__(self._sent(other))

    def __ge__(self, other: Any) -> Condition:
        return super().__ge__(self._sent(other))

    if TYPE_CHECKING:

        def __hash__(self) -> int: ...

    else:
        __hash__ = ColumnRef.__hash__

    def between(self, low: Any, high: Any) -> Condition:
        """`self BETWEEN low AND high`, both ends included."""
        return super().between(self._sent(low), self._sent(high))

    def is_distinct_from(self, other: Any) -> Condition:
        """`!=` to which NULL is a value like others."""
        return super().is_distinct_from(self._sent(other))

    def is_not_distinct_from(self, other: Any) -> Condition:
        """`==` to which NULL is a value like others."""
        return super().is_not_distinct_from(self._sent(other))

    def in_(self, values: Any) -> Condition:
        """Whether the value is one of `values`."""
        return super().in_(self._all(values))

    def not_in(self, values: Any) -> Condition:
        """Whether the value is none of `values`."""
        return super().not_in(self._all(values))

    def _all(self, values: Iterable[Any] | Node) -> Any:
        if isinstance(values, (Node, str, bytes)) or hasattr(values, "__ferrow_query__"):
            return values
        return [self._sent(value) for value in values]
