"""Statements whose rows can be read, and what that lets them be besides: a subquery, a condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.statements.base import Executable
from ferrow.sql import Expr, Ordering

if TYPE_CHECKING:
    from ferrow.orm.statements.elements import Element
    from ferrow.sql import CTE, Condition, Query, Subquery


class Queried(Executable):
    """What `select(...)` builds, and combinations of it."""

    __slots__ = ()

    if TYPE_CHECKING:
        _elements: tuple[Element, ...]

    def query(self) -> Query:
        """The statement of `ferrow.sql`. Raises ProgrammingError for what may be missing and is not `optional`."""
        raise NotImplementedError

    def __ferrow_query__(self) -> Query:
        return self.query()

    def subquery(self, alias: str, *, lateral: bool = False) -> Subquery:
        """The rows as something to select from and to join; its columns are `sub.c.name`. `lateral`: see `ferrow.sql`.

        Raises:
            ProgrammingError: an alias that no database accepts; two columns of one name, or one without a label.
        """
        return self.query().subquery(alias, lateral=lateral)

    def cte(self, name: str, *, materialized: bool | None = None) -> CTE:
        """The rows under a name (WITH), to select from and to join. Raises as `subquery`."""
        return self.query().cte(name, materialized=materialized)

    def exists(self) -> Condition:
        """Whether there is at least one row, as a condition."""
        return self.query().exists()


def ordering(term: Any, named: Callable[[str], Expr[Any]], *, desc: bool) -> Ordering:
    """A term of ORDER BY: a name, `-` before it for the largest first, or an expression.

    Raises:
        UnknownColumn: no such column.
        ProgrammingError: its values have no order.
    """
    if isinstance(term, Ordering):
        return term
    descending = desc
    if isinstance(term, str):
        descending = desc or term.startswith("-")
        term = named(term.removeprefix("-"))
    if not isinstance(term, Expr):
        msg = f"order_by() takes names and expressions, not {term!r}"
        raise ProgrammingError(msg)
    try:
        return Ordering(term, descending=descending)
    except TypeError as error:
        raise ProgrammingError(str(error)) from None
