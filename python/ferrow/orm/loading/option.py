"""Load options: `query.options(selectinload("posts.comments"), joinedload(User.city))`.

Nothing is looked up here: `options()` does that, which knows the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from ferrow.errors import ProgrammingError
from ferrow.model.relation_ref import RelationRef

if TYPE_CHECKING:
    from ferrow.orm.criteria import Filter
    from ferrow.sql import Expr, Ordering

Strategy: TypeAlias = Literal["selectin", "joined", "noload", "raise", "select"]

Path: TypeAlias = "str | Expr[Any]"
"""A relation: its name, names with dots between them, or the attribute of the class (`User.posts`)."""

_FURTHER: frozenset[Strategy | None] = frozenset({"selectin", "joined"})


class Step(NamedTuple):
    """A relation on the way, how it is loaded (None: as another option or the relation itself says), and what is said of its rows."""

    strategy: Strategy | None
    key: str | RelationRef
    said: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = ()


class LoadOption:
    """How relations along one path are loaded. Immutable; made by `selectinload` and its like, whose names it has as methods.

        selectinload(User.posts).where(published=True).order_by("-id").limit(3).selectinload("comments").with_deleted()

    `where`, `order_by`, `limit` and their like are about the rows of the relation named last before them.
    """

    __slots__ = ("steps",)

    def __init__(self, steps: tuple[Step, ...] = ()) -> None:
        self.steps: tuple[Step, ...] = steps
        """From the queried model on."""

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

    # --- which rows --------------------------------------------------------------------------------------------------

    def where(self, /, *conditions: Filter, **keywords: Any) -> LoadOption:
        """Load only the related rows that meet all conditions; arguments and errors are those of a query's `filter`.

        For collections. What is loaded then is a part of the collection: objects can be appended to it and taken out of it, but it cannot be
        written as a whole.
        """
        return self._saying("where", conditions, keywords)

    filter = where

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> LoadOption:
        """Sort a collection, in place of what the relation says: `terms` and errors as for a query's `order_by`.

        `desc`: the largest first, for terms that do not say it themselves.
        """
        return self._saying("order_by", terms, {"desc": desc})

    def limit(self, rows: int | None) -> LoadOption:
        """Load at most so many rows for each owner, the first in the order. Raises TypeError and ValueError as a query's `limit`."""
        return self._saying("limit", (rows,), {})

    def offset(self, rows: int | None) -> LoadOption:
        """Leave out the first so many rows of each owner. Raises as `limit`."""
        return self._saying("offset", (rows,), {})

    def with_deleted(self) -> LoadOption:
        """Load related rows that were deleted softly too. `options` raises NoSoftDelete if the target has no soft deletion."""
        return self._saying("with_deleted", (), {})

    def only_deleted(self) -> LoadOption:
        """Load only related rows that were deleted softly, of a collection. Raises as `with_deleted`."""
        return self._saying("only_deleted", (), {})

    def unscoped(self) -> LoadOption:
        """Load related rows outside of their model's `__scope__` too."""
        return self._saying("unscoped", (), {})

    def recursive(self, depth: int | None = None) -> LoadOption:
        """Load the same relation of what was loaded, and so on: a tree, with one statement for each of its levels.

        Args:
            depth: levels; None: to the end. Circles end where they close. Below the last level the relation is not loaded.

        Raises:
            TypeError, ValueError: `depth` is not a whole number from 1 on. `options` raises ProgrammingError if the relation leads to
                another model.
        """
        if depth is not None and depth.__class__ is not int:
            raise TypeError(f"recursive() takes a whole number of levels, not {depth!r}")
        if depth is not None and depth < 1:
            raise ValueError(f"recursive() takes a number of levels from 1 on, not {depth}")
        return self._saying("recursive", (depth,), {})

    def _saying(self, word: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> LoadOption:
        if not self.steps or self.steps[-1].strategy not in _FURTHER:
            raise ProgrammingError(f"{self!r} loads nothing, so {word}() has no rows to speak of")
        last = self.steps[-1]
        return LoadOption((*self.steps[:-1], last._replace(said=(*last.said, (word, args, keywords)))))

    def _then(self, strategy: Strategy, path: tuple[Path, ...]) -> LoadOption:
        if self.steps and self.steps[-1].strategy not in _FURTHER:
            raise ProgrammingError(f"{self!r} loads nothing, so there is nothing after it to speak of")
        keys = [key for part in path for key in _keys(strategy, part)]
        if not keys:
            raise ProgrammingError(f"{_name(strategy)}() needs a relation: its name, or the attribute")
        last = len(keys) - 1
        # What leaves out says nothing of the way to it.
        steps = [Step(strategy if strategy in _FURTHER or at == last else None, key) for at, key in enumerate(keys)]
        return LoadOption((*self.steps, *steps))

    def __repr__(self) -> str:
        shown = [step.key if isinstance(step.key, str) else step.key.relation.label for step in self.steps]
        strategy = self.steps[-1].strategy if self.steps else None
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
    query.options(selectinload(User.posts).where(published=True).order_by("-id").limit(3))

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
