"""Value objects without `dataclasses`, whose import (it loads `inspect`) would cost more than all of this room."""

from __future__ import annotations

from typing import ClassVar

_NOTHING: tuple[object, ...] = ((), frozenset())


class Described:
    """Equal, hashable and printable by its slots.

    `option` is the column option that an object of this class is when it stands in `mapped_column(...)` or `Annotated[...]`, so
    that neither has to import the classes to know them.
    """

    __slots__: tuple[str, ...] = ()
    option: ClassVar[str | None] = None

    def _parts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in type(self).__slots__)

    def __eq__(self, other: object) -> bool:
        return self._parts() == other._parts() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name.lstrip('_')}={value!r}"
            for name, value in zip(type(self).__slots__, self._parts(), strict=True)
            if value is not None and value is not False and value not in _NOTHING  # what was not said
        )
        return f"{type(self).__name__}({shown})"
