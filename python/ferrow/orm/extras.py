"""What few queries have: joins, annotations, groups, conditions on windows, DISTINCT ON, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ferrow.orm.annotated import AnnotatedWords
    from ferrow.orm.statements.joining import Side
    from ferrow.sql import Condition, Expr, Join, Select, Source


class Lock(NamedTuple):
    """FOR UPDATE, or FOR SHARE if `read`; `key_share`: the weaker form of either."""

    of: tuple[Source, ...]
    nowait: bool
    skip_locked: bool
    read: bool
    key_share: bool


class Extras(NamedTuple):
    """All of it; `_replace` makes another one."""

    words: AnnotatedWords | None = None
    """What names mean here, where there are annotations."""
    joins: tuple[Join, ...] = ()
    sides: tuple[Side, ...] = ()
    """What was joined, as far as it is models and tables."""
    group: tuple[Expr[Any], ...] = ()
    having: tuple[Condition, ...] = ()
    over: tuple[Condition, ...] = ()
    """Conditions on windows, which are computed after all others."""
    on: tuple[Expr[Any], ...] = ()
    lock: Lock | None = None

    @property
    def annotations(self) -> Sequence[Expr[Any]]:
        """The annotations, labelled."""
        return () if self.words is None else tuple(self.words.annotations.values())

    @property
    def empty_rows(self) -> bool:
        """Whether there may be rows in which all columns of the model are NULL."""
        return any(join.kind in {"RIGHT", "FULL"} for join in self.joins)

    def applied(self, query: Select) -> Select:
        """The query with all of it."""
        if self.joins:
            query = query.joined(*self.joins)
        if self.group:
            query = query.group_by(*self.group)
        if self.having:
            query = query.having(*self.having)
        if self.on:
            query = query.distinct(*self.on)
        if self.lock is not None:
            query = query.for_update(**self.lock._asdict())
        return query


NONE = Extras()
