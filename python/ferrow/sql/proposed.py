"""The row that could not be inserted, as ON CONFLICT sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ferrow.sql.column import ColumnRef
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import interned
from ferrow.sql.source import Source, SourceKey
from ferrow.sql.writer import Writer

if TYPE_CHECKING:
    from ferrow.sql.cte import CTE

T = TypeVar("T")


class ExcludedKey(SourceKey):
    """What the columns of the row hold on to; `of` is the key of the table it was meant for."""

    __slots__ = ("of",)

    name = "excluded"
    alias: ClassVar[str | None] = None  # type: ignore[misc]

    def __init__(self, of: SourceKey) -> None:
        self.of: SourceKey = of

    def prefix(self, out: Writer) -> str:
        """The name both databases have for it, which is no identifier of anybody's."""
        return "excluded"

    def named(self, out: Writer, name: str) -> str:
        """Its column, as the dialect says that."""
        return out.dialect.proposed(name)


class Excluded(Source):
    """The row itself."""

    __slots__ = ()

    shape: ExcludedKey  # pyright: ignore[reportIncompatibleVariableOverride]
    ctes: ClassVar[tuple[CTE, ...]] = ()  # type: ignore[misc]

    def __init__(self, of: Source) -> None:
        """Speak of the row that was to be inserted into a table."""
        set_shape(self, interned(ExcludedKey, of.key))
        set_values(self, ())

    @property
    def key(self) -> ExcludedKey:
        """What its columns hold on to."""
        return self.shape


def excluded(column: ColumnRef[T]) -> ColumnRef[T]:
    """Return the value that was to be inserted into a column, for `on_conflict_do_update`: `(hits, hits + excluded(hits))`.

    Raises:
        TypeError: it is not a column.
    """
    if not isinstance(column, ColumnRef):
        msg = f"excluded() takes a column, such as User.name, not {column!r}"
        raise TypeError(msg)
    made: ColumnRef[Any] = column.of(Excluded(column.table))
    return made
