"""Load options: `query.options(selectinload("posts.comments"), joinedload(User.city))`.

Nothing is looked up here: `options()` does that, which knows the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ferrow.errors import ProgrammingError
from ferrow.model.relation_ref import RelationRef

if TYPE_CHECKING:
    from ferrow.sql import Expr

Strategy: TypeAlias = Literal["selectin", "joined", "noload", "raise", "select"]

Path: TypeAlias = "str | Expr[Any]"
"""A relation: its name, names with dots between them, or the attribute of the class (`User.posts`)."""

_FURTHER: frozenset[Strategy | None] = frozenset({"selectin", "joined"})


class LoadOption:
    """How relations along one path are loaded. Immutable; made by `selectinload` and its like, whose names it has as methods."""

    __slots__ = ("steps",)

    def __init__(self, steps: tuple[tuple[Strategy | None, str | RelationRef], ...] = ()) -> None:
        self.steps = steps
        """From the queried model on: a relation, and how it is loaded (None: as another option or the relation itself says)."""

    def selectinload(self, *path: Path) -> LoadOption:
        """Load relations of what the option has loaded so far, as `selectinload` does."""
        return self._then("selectin", path)

    def joinedload(self, *path: Path) -> LoadOption:
        """Load relations of what the option has loaded so far, as `joinedload` does."""
        return self._then("joined", path)

    def noload(self, *path: Path) -> LoadOption:
        """Leave a relation of what the option has loaded so far empty, as `noload` does."""
        return self._then("noload", path)

    def raiseload(self, *path: Path) -> LoadOption:
        """Do not load a relation of what the option has loaded so far, as `raiseload` does."""
        return self._then("raise", path)

    def lazyload(self, *path: Path) -> LoadOption:
        """Do not load a relation of what the option has loaded so far, as `lazyload` does."""
        return self._then("select", path)

    def _then(self, strategy: Strategy, path: tuple[Path, ...]) -> LoadOption:
        if self.steps and self.steps[-1][0] not in _FURTHER:
            raise ProgrammingError(f"{self!r} loads nothing, so there is nothing after it to speak of")
        keys = [key for part in path for key in _keys(strategy, part)]
        if not keys:
            raise ProgrammingError(f"{_name(strategy)}() needs a relation: its name, or the attribute")
        last = len(keys) - 1
        # What leaves out says nothing of the way to it.
        steps: list[tuple[Strategy | None, str | RelationRef]] = [
            (strategy if strategy in _FURTHER or at == last else None, key) for at, key in enumerate(keys)
        ]
        return LoadOption((*self.steps, *steps))

    def __repr__(self) -> str:
        shown = [key if isinstance(key, str) else key.relation.label for _, key in self.steps]
        strategy = self.steps[-1][0] if self.steps else None
        return f"<{_name(strategy)} {'.'.join(shown)}>"


def _keys(strategy: Strategy, part: Any) -> list[str | RelationRef]:
    if isinstance(part, RelationRef):
        return [part]
    if isinstance(part, str) and all(part.split(".")):
        return [*part.split(".")]
    msg = f"{_name(strategy)}({part!r}): give the name of a relation, names with dots between them, or the attribute of the class"
    raise ProgrammingError(msg)


def _name(strategy: str | None) -> str:
    return {"select": "lazyload"}.get(strategy or "", f"{strategy}load" if strategy != "noload" else "noload")


def selectinload(*path: Path) -> LoadOption:
    """Load a relation with one more statement for all objects: `SELECT ... WHERE author_id IN (their keys)`. Best for collections.

    query.options(selectinload("posts"))
    query.options(selectinload(User.posts).selectinload(Post.comments))      # or "posts.comments"

    Args:
        path: a name, names with dots between them, or attributes, each a relation of the one before.

    Raises:
        ProgrammingError: no path. That there are such relations is checked by `options()`.
    """
    return LoadOption().selectinload(*path)


def joinedload(*path: Path) -> LoadOption:
    """Load a single object in the same statement, by a LEFT JOIN under a name of its own. Collections are loaded as by `selectinload`.

    Raises:
        ProgrammingError: no path.
    """
    return LoadOption().joinedload(*path)


def noload(*path: Path) -> LoadOption:
    """Leave a relation empty, a list without items or None, without asking the database. Raises ProgrammingError without a path."""
    return LoadOption().noload(*path)


def raiseload(*path: Path) -> LoadOption:
    """Do not load a relation, even if it says `lazy="selectin"`: touching it raises NotLoaded. Raises ProgrammingError without a path."""
    return LoadOption().raiseload(*path)


def lazyload(*path: Path) -> LoadOption:
    """Do not load a relation now, even if it says `lazy="selectin"`. Touching it raises NotLoaded: nothing is loaded one by one.

    Raises:
        ProgrammingError: no path.
    """
    return LoadOption().lazyload(*path)
