"""What expressions that yield lists can do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from ferrow.sql.textual import Textual

if TYPE_CHECKING:
    from ferrow.sql.expr import Condition, Expr

T = TypeVar("T")
V = TypeVar("V")

if TYPE_CHECKING:
    Items: TypeAlias = Iterable[V] | Expr[list[V]] | Expr[list[V] | None]


class Listed(Textual[T]):
    """The part of `Expr` that looks into lists: array columns and what `func.array_agg` gives.

    An element that is NULL equals nothing, not even another one. Where a list itself is NULL, every answer is NULL.
    """

    __slots__ = ()

    @overload
    def contains_all(self: Listed[list[V]], items: Items[V]) -> Condition: ...
    @overload
    def contains_all(self: Listed[list[V] | None], items: Items[V]) -> Condition: ...
    def contains_all(self: Listed[Any], items: Any) -> Condition:
        """Whether each of `items` is among the elements; true for no items. How often one occurs does not matter."""
        return lists.compared(self, "contains", items)

    @overload
    def contained_by(self: Listed[list[V]], items: Items[V]) -> Condition: ...
    @overload
    def contained_by(self: Listed[list[V] | None], items: Items[V]) -> Condition: ...
    def contained_by(self: Listed[Any], items: Any) -> Condition:
        """Whether each element is one of `items`; true for an empty list."""
        return lists.compared(self, "contains", items, swapped=True)

    @overload
    def overlaps(self: Listed[list[V]], items: Items[V]) -> Condition: ...
    @overload
    def overlaps(self: Listed[list[V] | None], items: Items[V]) -> Condition: ...
    def overlaps(self: Listed[Any], items: Any) -> Condition:
        """Whether at least one of `items` is among the elements; false for no items."""
        return lists.compared(self, "overlaps", items)

    def length(self: Listed[list[Any]] | Listed[list[Any] | None]) -> Expr[int]:
        """The number of elements, NULL for a list that is NULL.

        Raises:
            TypeError: not a list. The length of a text is `func.length(text)`.
        """
        return lists.length(self)

    @overload
    def __getitem__(self: Listed[list[V]], index: int) -> Expr[V | None]: ...
    @overload
    def __getitem__(self: Listed[list[V] | None], index: int) -> Expr[V | None]: ...
    def __getitem__(self: Listed[Any], index: int) -> Expr[Any]:
        """The element at a position counted from 0, or with a negative index from the end; NULL where there is none.

        Raises:
            TypeError: not a list, or not a whole number.
        """
        return lists.item(self, index)

    # With __getitem__ alone Python would take an expression for an endless sequence. Checkers are told that there is no
    # iterator: one of NoReturn would pass for a list of anything, as in `User.id.in_(User.name)`.

    if TYPE_CHECKING:
        __iter__: None
    else:

        def __iter__(self):
            msg = f"{self!r} is part of a query and cannot be looped over; execute the query first"
            raise TypeError(msg)

    def __contains__(self, item: object) -> bool:
        msg = f"`in` cannot look into {self!r}, which is part of a query; write item == any_(expression), or expression.in_(values)"
        raise TypeError(msg)


from ferrow.sql import lists  # noqa: E402  # last, because it builds the classes above
