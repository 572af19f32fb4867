"""Common table expressions: queries with a name, said once in WITH."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.identifier import check_identifier
from ferrow.sql.derived import Derived, DerivedKey, fill
from ferrow.sql.form.source import CTE as DEFINITION
from ferrow.sql.form.source import WITH
from ferrow.sql.naming import named, relisted
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.promote import wider
from ferrow.sql.shape import interned
from ferrow.sql.value import cast

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr
    from ferrow.sql.query import Query
    from ferrow.sql.source import Source
    from ferrow.sql.statement import Statement


class CTE(Derived):
    """A query under a name: `WITH name AS (SELECT ...)`. Made by `query.cte(name)` and `recursive(...)`.

    A query that joins it, or selects from it, gets its WITH by itself; so does one around a subquery that does.

    Attributes:
        name: the name.
        definition: shape of what stands in WITH.
        given: the values in it.
        recursive: whether it refers to itself.
    """

    __slots__ = ("definition", "given", "name", "recursive")

    name: str
    definition: Any
    given: tuple[Any, ...]
    recursive: bool

    def as_(self, alias: str) -> CTE:
        """Return the same rows under an alias, to join them with themselves.

        Raises:
            ProgrammingError: an alias that no database accepts.
        """
        check_identifier(alias, "alias")
        key = interned(DerivedKey, self.name, alias, self.key.content)
        made = _made(self.name, key, self.columns, self.ctes)
        _define(made, self.definition, self.given, recursive=self.recursive)
        return made


def _made(name: str, key: DerivedKey, columns: Iterable[Expr[Any]], ctes: tuple[CTE, ...]) -> CTE:
    cte = object.__new__(CTE)
    object.__setattr__(cte, "name", name)
    set_shape(cte, key)
    set_values(cte, ())
    fill(cte, key, [*columns], ctes)
    return cte


def _define(cte: CTE, definition: Any, given: tuple[Any, ...], *, recursive: bool) -> None:
    put = object.__setattr__
    put(cte, "definition", definition)
    put(cte, "given", given)
    put(cte, "recursive", recursive)
    # Those it needs stand before it.
    put(cte, "ctes", (*[other for other in cte.ctes if other.name != cte.name], cte))


def defined(query: Query, name: str, *, materialized: bool | None = None) -> CTE:
    """Name the rows of a query; see `Query.cte`."""
    check_identifier(name, "common table expression")
    inner = named(query.without_ctes(), f"the common table expression {name!r}")
    cte = _made(name, interned(DerivedKey, name, None, inner.shape), inner.columns, query.ctes)
    _define(cte, (DEFINITION, name, materialized, inner.shape), inner.values, recursive=False)
    return cte


def changing(statement: Statement, returned: Sequence[Expr[Any]], name: str) -> CTE:
    """Name the rows that a statement returns which changes them: `WITH gone AS (DELETE ... RETURNING ...)` (PostgreSQL).

    Args:
        statement: an `Insert`, `Update` or `Delete`.
        returned: what it returns: columns, and expressions with labels.
        name: the name.

    Raises:
        ProgrammingError: a name that no database accepts; it returns nothing, or something that has no name.
    """
    check_identifier(name, "common table expression")
    if not returned:
        msg = f"the common table expression {name!r} has no columns: say which with returning(...)"
        raise ProgrammingError(msg)
    cte = _made(name, interned(DerivedKey, name, None, statement.shape), returned, ())
    _define(cte, (DEFINITION, name, None, statement.shape), statement.values, recursive=False)
    return cte


def recursive(
    name: str, first: Query, step: Callable[[CTE], Query], *, all: bool = True, materialized: bool | None = None
) -> CTE:
    """Return rows that are found from rows: `WITH RECURSIVE name AS (first UNION ALL step)`.

    `step` gets the expression itself, as the rows found last, and returns the query of those that follow from them:

        below = recursive("below", Select([id, boss], staff).where(boss == 1),
                          lambda below: Select([id, boss], staff).join(below, boss == below.c.id))

    Args:
        name: the name.
        first: the rows to begin with, which also give the columns their names.
        step: makes the query of the rows that follow.
        all: keep rows that were found before; False drops them, which is what ends a search in a graph that has cycles.
        materialized: as in `Query.cte`.

    Raises:
        ProgrammingError: a name that no database accepts; the two queries differ in their columns' number or kinds; `step` does
            not use what it was given.
    """
    check_identifier(name, "common table expression")
    what = f"the common table expression {name!r}"
    begin = named(first.without_ctes(), what)
    key = interned(DerivedKey, name, None, begin.shape)
    me = _made(name, key, begin.columns, ())
    _define(me, None, (), recursive=True)
    rest = step(me)
    if not any(cte.name == name and cte.definition is None for cte in rest.ctes):
        msg = f"the step of recursive({name!r}) does not use the rows it is given: join them, or select from them"
        raise ProgrammingError(msg)
    needed = tuple(merged(first.ctes, [cte for cte in rest.ctes if cte.definition is not None]))
    # PostgreSQL wants the first query's types to be those of the whole, and does not widen them itself.
    widened = tuple([_widened(a, b) for a, b in zip(begin.columns, rest.columns, strict=False)])
    if len(widened) == len(begin.columns) and any(a is not b for a, b in zip(widened, begin.columns, strict=True)):
        begin = relisted(begin, widened)
    whole = (begin.union_all if all else begin.union)(rest.without_ctes())
    cte = _made(name, key, begin.columns, needed)
    _define(cte, (DEFINITION, name, materialized, whole.shape), whole.values, recursive=True)
    return cte


def _widened(first: Any, step: Expr[Any]) -> Expr[Any]:
    """The first query's column, in the type it has when the step's values join it."""
    type = wider(first.type, step.type)
    return first if type is first.type else cast(first, type).label(first.name)


def merged(known: tuple[CTE, ...], more: Iterable[CTE]) -> tuple[CTE, ...]:
    """Return `known` and those of `more` that are not among them.

    Raises:
        ProgrammingError: two different ones have one name.
    """
    for cte in more:
        for other in known:
            if other.name == cte.name:
                if other is not cte and (other.definition != cte.definition or other.given != cte.given):
                    msg = f"two different common table expressions are called {cte.name!r}; rename one"
                    raise ProgrammingError(msg)
                break
        else:
            known = (*known, cte)
    return known


def brought(sources: Iterable[Source]) -> tuple[CTE, ...]:
    """Return those that several sources need. Raises ProgrammingError as `merged` does."""
    return merged((), [cte for source in sources for cte in source.ctes])


def stated(ctes: tuple[CTE, ...]) -> tuple[Any, tuple[Any, ...]]:
    """Return shape and values of the WITH that says them; None and no values if there are none.

    The one a recursive step was given has no definition yet, and is not said there.
    """
    said = [cte for cte in ctes if cte.definition is not None]
    if not said:
        return None, ()
    again = any(cte.recursive for cte in said)
    values = tuple([value for cte in said for value in cte.given])
    return (WITH, again, *[cte.definition for cte in said]), values
