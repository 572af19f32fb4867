"""A vector most of whose numbers are zero (pgvector's `sparsevec`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any


class SparseVector:
    """A `sparsevec`: its length, and the numbers that are not zero by their index, counted from 1 as pgvector writes them.

    `SparseVector(5, {1: 0.5, 4: 2.0})` is `[0.5, 0, 0, 2.0, 0]`. Immutable and hashable; zeros are dropped. The database
    stores numbers in single precision.

    Args:
        dimensions: the length of the vector.
        values: numbers by index, 1 to `dimensions`.

    Raises:
        ValueError: a length below 1, or an index outside the vector.
        TypeError: an index or a length that is no int, or a value that is no number.
    """

    __slots__ = ("_dimensions", "_values")

    _dimensions: int
    _values: dict[int, float]

    def __init__(self, dimensions: int, values: Mapping[int, float]) -> None:
        if not _whole(dimensions):
            raise TypeError(f"the number of dimensions is an int, not {type(dimensions).__name__} {dimensions!r}")
        if dimensions < 1:
            raise ValueError(f"a vector has at least 1 dimension, not {dimensions}")
        kept: dict[int, float] = {}
        for index, value in sorted(values.items()):
            if not _whole(index):
                raise TypeError(f"an index is an int, not {type(index).__name__} {index!r}")
            if not 1 <= index <= dimensions:
                raise ValueError(f"index {index} is outside the vector: indexes are 1 to {dimensions}")
            if isinstance(value, (str, bytes)):
                raise TypeError(f"the value at index {index} is a number, not {type(value).__name__} {value!r}")
            number = float(value)
            if number != 0:
                kept[index] = number
        object.__setattr__(self, "_dimensions", dimensions)
        object.__setattr__(self, "_values", kept)

    @classmethod
    def from_list(cls, numbers: Sequence[float]) -> SparseVector:
        """The sparse form of a vector that is written out."""
        return cls(len(numbers), {index: number for index, number in enumerate(numbers, 1) if number})

    @property
    def dimensions(self) -> int:
        """The length of the vector."""
        return self._dimensions

    @property
    def values(self) -> Mapping[int, float]:
        """The numbers that are not zero by index, in order; read-only."""
        return MappingProxyType(self._values)

    def to_list(self) -> list[float]:
        """The vector written out."""
        return [self._values.get(index, 0.0) for index in range(1, self._dimensions + 1)]

    def __len__(self) -> int:
        return self._dimensions

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SparseVector):
            return NotImplemented
        return self._dimensions == other._dimensions and self._values == other._values

    def __hash__(self) -> int:
        return hash((self._dimensions, tuple(self._values.items())))

    def __repr__(self) -> str:
        return f"SparseVector({self._dimensions}, {self._values!r})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a SparseVector is immutable: make another one instead of setting {name!r}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a SparseVector is immutable: {name!r} cannot be deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        return (SparseVector, (self._dimensions, self._values))


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
