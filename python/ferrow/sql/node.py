"""What every piece of a query has in common: it never changes, and it is a shape with the values for its holes."""

from __future__ import annotations

from typing import Any, Self

from ferrow.errors import DatabaseError
from ferrow.sql.shape import Shape


class Node:
    """An immutable piece of a query.

    Attributes:
        shape: the structure, hashable, without values, the same for every dialect.
        values: the parameters, one per hole of the shape, in the shape's order.
    """

    __slots__ = ("shape", "values")

    shape: Shape
    values: tuple[Any, ...]

    def __setattr__(self, attribute: str, value: object) -> None:
        msg = f"{type(self).__name__} is immutable: build another one instead of setting {attribute!r}"
        raise AttributeError(msg)

    def __delattr__(self, attribute: str) -> None:
        msg = f"{type(self).__name__} is immutable: {attribute!r} cannot be deleted"
        raise AttributeError(msg)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> str | tuple[Any, ...]:
        msg = f"a {type(self).__name__} cannot be pickled; send what it was built from"
        raise TypeError(msg)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._described()}>"

    def _described(self) -> str:
        # Imported here: only a repr needs a dialect before anything is compiled.
        from ferrow.sql.compiler import describe

        try:
            return describe(self.shape)
        except DatabaseError as error:  # a repr is asked for in messages about something else
            return f"({error})"


# The slots' own setters pass by `__setattr__`. They are the quickest way to fill a frozen object (a quarter faster than
# object.__setattr__), and building nodes is part of every call.
set_shape = Node.__dict__["shape"].__set__
set_values = Node.__dict__["values"].__set__
