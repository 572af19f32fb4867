"""A list that says what its indexes in the database are: where they begin, and how many dimensions there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Array(list[T]):
    """A list that remembers where PostgreSQL's indexes begin, one number per dimension.

    An array whose first index is 1 in every dimension, as nearly all are, arrives as a plain `list`; but for one of several
    dimensions whose values may be lists themselves (JSON, vectors, multiranges), where only this says which lists are dimensions.
    As a parameter, it is written with its lower bounds. It equals a list with the same items.

    Args:
        items: the items; for several dimensions, lists of lists.
        lower_bounds: the first index of each dimension, e.g. `(0,)`.

    Raises:
        TypeError: a bound that is no int.
        ValueError: no bounds, or more than six.
    """

    __slots__ = ("_lower_bounds",)

    _lower_bounds: tuple[int, ...]

    def __init__(self, items: Iterable[T] = (), lower_bounds: Sequence[int] = (1,)) -> None:
        super().__init__(items)
        bounds = tuple(lower_bounds)
        for bound in bounds:
            if not isinstance(bound, int) or isinstance(bound, bool):
                raise TypeError(f"a lower bound is an int, not {type(bound).__name__} {bound!r}")
        if not 1 <= len(bounds) <= 6:
            raise ValueError(f"an array has 1 to 6 dimensions, and a lower bound for each; {len(bounds)} were given")
        self._lower_bounds = bounds

    @property
    def lower_bounds(self) -> tuple[int, ...]:
        """The first index of each dimension."""
        return self._lower_bounds

    def __repr__(self) -> str:
        return f"Array({list(self)!r}, {self._lower_bounds!r})"

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return (type(self), (list(self), self._lower_bounds))
