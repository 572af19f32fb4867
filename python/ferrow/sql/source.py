"""What may stand in FROM: tables, and whatever else has rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ferrow.sql.node import Node
from ferrow.sql.shape import Leaf

if TYPE_CHECKING:
    from ferrow.sql.cte import CTE
    from ferrow.sql.writer import Writer


class SourceKey(Leaf):
    """What the columns of a source hold on to: its names."""

    __slots__ = ()

    name: str
    alias: str | None

    stored: ClassVar[bool] = True
    """Whether its columns are stored ones, which have the collations their table gave them."""

    def prefix(self, out: Writer) -> str:
        """Return what stands before the dot of a column."""
        return out.name(self.alias or self.name)

    def named(self, out: Writer, name: str) -> str:
        """Return one of its columns, whose name is quoted already."""
        return f"{self.prefix(out)}.{name}"

    @property
    def called(self) -> str:
        """The name by which a statement speaks of it."""
        return self.alias or self.name


class Source(Node):
    """A table, a subquery, a common table expression or a list of values.

    Attributes:
        shape: as it is written in FROM.
        key: what its columns hold on to.
        ctes: the common table expressions it needs.
    """

    __slots__ = ()

    ctes: tuple[CTE, ...]

    @property
    def key(self) -> SourceKey:
        """What its columns hold on to."""
        raise NotImplementedError
