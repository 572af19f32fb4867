"""How rows become instances: the plan for `_core.Shape.instances`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ferrow._core import Shape
    from ferrow.model.table import Table

Build = Literal["dict", "slots", "pydantic", "call"]


class Reading:
    """The cheapest right way to build an instance.

    `build`: "dict" and "slots" put the values straight into the object, "pydantic" does what `model_construct` does, "call"
    calls `factory` (default: the class) with keywords. `names` are the attributes or keywords, one per column.
    """

    __slots__ = ("build", "factory", "names")

    def __init__(self, build: Build, names: tuple[str, ...], factory: Callable[..., Any] | None = None) -> None:
        self.build: Build = build
        self.names: tuple[str, ...] = names
        self.factory: Callable[..., Any] | None = factory

    def shape(self, cls: type, table: Table) -> Shape:
        """Make the shape for all columns of `table`, in order. Raises ModelError if a column's type cannot be found."""
        from ferrow._core import Kinds, Shape

        return Shape.instances(
            cls,
            self.names,
            build=self.build,
            kinds=Kinds([column.type.kind for column in table.columns]),
            convert=converters(table),
            factory=self.factory,
            # A version is counted by Ferrow, so it is the int that the database has whatever codec a program gives its own.
            plain=[at for at, column in enumerate(table.columns) if column.version] or None,
        )


def converters(table: Table) -> list[Callable[[Any], Any] | None] | None:
    """What to do to each column's value, or None if they all are right as they come."""
    found = [column.decode for column in table.columns]
    return found if any(found) else None
