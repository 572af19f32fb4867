"""Where a row gets its foreign key from: another object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.relations.tie import Tie
    from ferrow.orm.relations.undo import Undo


class Source:
    """`child`, whose columns take the key of `parent`, as `tie` of one of the two says. `parent` None: there is none any more."""

    __slots__ = ("child", "parent", "tie")

    def __init__(self, tie: Tie, child: Any, parent: Any) -> None:
        self.tie: Tie = tie
        self.child: Any = child
        self.parent: Any = parent

    @property
    def pairs(self) -> tuple[tuple[Column, Column], ...]:
        """Columns of the child with those of the parent."""
        return self.tie.pairs

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the child."""
        return tuple([mine for mine, _ in self.tie.pairs])

    def key(self) -> tuple[Any, ...]:
        """What the columns are to be."""
        if self.parent is None:
            return (None,) * len(self.pairs)
        return tuple([getattr(self.parent, theirs.key, None) for _, theirs in self.pairs])

    def value(self, column: Column) -> Any:
        """What one of the columns is to be."""
        return self.key()[self.columns.index(column)]

    def now(self) -> tuple[Any, ...]:
        """What the columns are."""
        return tuple([getattr(self.child, mine.key, None) for mine, _ in self.pairs])

    def agrees(self) -> bool:
        """Whether the columns say nothing, or nothing else than the object does. One that has no key yet agrees with no value."""
        return all(mine is None or mine == theirs for mine, theirs in zip(self.now(), self.key(), strict=True))

    def apply(self, fill: Any, undo: Undo) -> None:
        """Set the columns."""
        keys = [mine.key for mine, _ in self.pairs]
        undo.keep(self.child, keys)
        fill(self.child, keys, self.key())

    def contradiction(self) -> ProgrammingError:
        """The error for a foreign key that says something else than the object."""
        child, parent = type(self.child).__qualname__, type(self.parent).__qualname__
        said = ", ".join(f"{child}.{mine.key} is {getattr(self.child, mine.key)!r}" for mine, _ in self.pairs)
        return ProgrammingError(
            f"{said}, and {self.tie.relation.label} says {parent} with {self._shown()}. Set one of the two only."
        )

    def other(self, other: Source) -> ProgrammingError:
        """The error for two objects that both give the key."""
        child = type(self.child).__qualname__
        names = ", ".join(mine.key for mine, _ in self.pairs)
        return ProgrammingError(
            f"{child}.{names} is set by {other.tie.relation.label} to that of {type(other.parent).__qualname__} with {other._shown()}, and by "
            f"{self.tie.relation.label} to that of {type(self.parent).__qualname__} with {self._shown()}. Leave it in one of them only."
        )

    def _shown(self) -> str:
        pairs = [f"{theirs.key}={getattr(self.parent, theirs.key, None)!r}" for _, theirs in self.pairs]
        return ", ".join(pairs)
