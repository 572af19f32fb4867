"""Value objects without `dataclasses`, whose import (it loads `inspect`) would cost more than all of this room."""

from __future__ import annotations


class Described:
    """Equal, hashable and printable by its slots."""

    __slots__: tuple[str, ...] = ()

    def _parts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in type(self).__slots__)

    def __eq__(self, other: object) -> bool:
        return self._parts() == other._parts() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name.lstrip('_')}={value!r}" for name, value in zip(type(self).__slots__, self._parts(), strict=True)
        )
        return f"{type(self).__name__}({shown})"
