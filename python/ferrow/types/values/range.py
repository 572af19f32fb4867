"""A range between two bounds, each of which may belong to it, or be missing."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

T = TypeVar("T")

_BOUNDS = ("[)", "[]", "(]", "()")


class Range(Generic[T]):
    """A range, as of `int4range`, `tstzrange` or a range type of your own. Immutable and hashable.

    `5 in Range(1, 10)`. A bound of None is infinitely far away, and never belongs to the range. Nothing lies between equal
    bounds that do not both belong to it: such a range is empty, as PostgreSQL has it. PostgreSQL writes ranges of whole
    numbers and dates with `[)`, so `Range(1, 3, "[]")` comes back as `Range(1, 4)`.

    Args:
        lower: the lower bound, None for minus infinity.
        upper: the upper bound, None for infinity.
        bounds: which of them belong to the range: `"[)"` (the lower one), `"[]"`, `"(]"` or `"()"`.
        empty: a range without anything in it; takes no bounds.

    Raises:
        ValueError: unknown `bounds`, a lower bound above the upper one (the order of texts and of NaN is left to the database), or
            bounds for an empty range.
        TypeError: bounds that cannot be compared.
    """

    __slots__ = ("_bounds", "_empty", "_lower", "_upper")

    _lower: T | None
    _upper: T | None
    _bounds: str
    _empty: bool

    def __init__(
        self, lower: T | None = None, upper: T | None = None, bounds: str | None = None, *, empty: bool = False
    ) -> None:
        if empty:
            if lower is not None or upper is not None or bounds is not None:
                raise ValueError("an empty range has no bounds: write Range(empty=True)")
            self._fill(None, None, "()", True)
            return
        bounds = "[)" if bounds is None else bounds
        if bounds not in _BOUNDS:
            raise ValueError(f"bounds are one of {', '.join(_BOUNDS)}, not {bounds!r}")
        if lower is not None and upper is not None:
            if lower == upper and bounds != "[]":
                self._fill(None, None, "()", True)
                return
            ordered = not isinstance(lower, str) and lower == lower and upper == upper  # NaN has no order in Python
            if ordered and lower > upper:  # type: ignore[operator]
                raise ValueError(f"the lower bound {lower!r} is above the upper one, {upper!r}")
        self._fill(lower, upper, ("(" if lower is None else bounds[0]) + (")" if upper is None else bounds[1]), False)

    def _fill(self, lower: T | None, upper: T | None, bounds: str, empty: bool) -> None:
        set_ = object.__setattr__
        set_(self, "_lower", lower)
        set_(self, "_upper", upper)
        set_(self, "_bounds", bounds)
        set_(self, "_empty", empty)

    @classmethod
    def _sent(cls, lower: T | None, upper: T | None, bounds: str, empty: bool) -> Range[T]:
        """What the server sent: by its order, which need not be Python's."""
        self = cls.__new__(cls)
        self._fill(lower, upper, bounds, empty)
        return self

    @property
    def lower(self) -> T | None:
        """The lower bound; None if it is infinite or the range is empty."""
        return self._lower

    @property
    def upper(self) -> T | None:
        """The upper bound; None if it is infinite or the range is empty."""
        return self._upper

    @property
    def bounds(self) -> str:
        """Which bounds belong to the range, e.g. `"[)"`."""
        return self._bounds

    @property
    def isempty(self) -> bool:
        """Whether nothing is in the range."""
        return self._empty

    @property
    def lower_inc(self) -> bool:
        """Whether the lower bound belongs to the range."""
        return self._bounds[0] == "["

    @property
    def upper_inc(self) -> bool:
        """Whether the upper bound belongs to the range."""
        return self._bounds[1] == "]"

    @property
    def lower_inf(self) -> bool:
        """Whether the range has no lower bound."""
        return self._lower is None and not self._empty

    @property
    def upper_inf(self) -> bool:
        """Whether the range has no upper bound."""
        return self._upper is None and not self._empty

    def __contains__(self, value: Any) -> bool:
        if self._empty or value is None:
            return False
        if self._lower is not None and not (value >= self._lower if self.lower_inc else value > self._lower):
            return False
        return self._upper is None or bool(value <= self._upper if self.upper_inc else value < self._upper)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Range):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return (self._lower, self._upper, self._bounds, self._empty)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return not self._empty

    def __repr__(self) -> str:
        if self._empty:
            return "Range(empty=True)"
        # The bracket of an infinite bound says nothing.
        shown = ("[" if self._lower is None else self._bounds[0]) + (")" if self._upper is None else self._bounds[1])
        bounds = "" if shown == "[)" else f", {shown!r}"
        return f"Range({self._lower!r}, {self._upper!r}{bounds})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Range is immutable: make another one instead of setting {name!r}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Range is immutable: {name!r} cannot be deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        return (Range._sent, (self._lower, self._upper, self._bounds, self._empty))
