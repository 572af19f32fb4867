"""The clauses of SELECT, for statements over models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import ProgrammingError, UnknownColumn, nearest
from ferrow.orm.statements import filtering
from ferrow.orm.statements.grouped import check_grouped
from ferrow.orm.statements.joining import Joined, Side, side_of, sources_of
from ferrow.orm.statements.missing import check_missing
from ferrow.orm.statements.queried import Queried, ordering
from ferrow.orm.statements.related import joins
from ferrow.sql import ColumnRef, Expr, Join, Labelled, Ordering, Select, TableRef, and_, clause
from ferrow.sql.column import ColumnKey
from ferrow.sql.form.aggregate import AGGREGATE
from ferrow.sql.scope import parts
from ferrow.sql.table import TableKey

if TYPE_CHECKING:
    from ferrow.orm.criteria import Filter
    from ferrow.orm.statements.elements import Element
    from ferrow.orm.statements.joining import Target
    from ferrow.orm.words import Words
    from ferrow.sql.logic import Truth


class Selecting(Queried):
    """What `select(...)` builds."""

    __slots__ = (
        "_distinct", "_elements", "_group", "_having", "_joins", "_limit", "_lock", "_made", "_offset", "_order", "_start", "_where"
    )  # fmt: skip

    def __init__(self, elements: Sequence[Element]) -> None:
        self._elements = tuple(elements)
        self._start: Side | None = None
        self._joins: tuple[Joined, ...] = ()
        self._where: tuple[Truth, ...] = ()
        self._group: tuple[Expr[Any], ...] = ()
        self._having: tuple[Truth, ...] = ()
        self._order: tuple[Ordering, ...] = ()
        self._limit: int | None = None
        self._offset: int | None = None
        self._distinct: bool | tuple[Expr[Any], ...] = False
        self._lock: dict[str, Any] | None = None
        self._made: Select | None = None  # built when first asked for: a statement may be run often

    # --- from where --------------------------------------------------------------------------------------------------

    def select_from(self, source: Target) -> Self:
        """Say which model or table comes first in FROM; without, it is that of the first element selected."""
        made = self._copy()
        made._start = side_of(source, "select_from()")
        return made

    def join(self, target: Target, on: Truth | ColumnRef[Any] | None = None) -> Self:
        """Combine each row with the matching rows of another model, on a condition.

        Args:
            target: the model, an alias of one, a subquery, or a relation (`User.posts`).
            on: the condition, or a relation to the model; None for the one foreign key between the two.

        Raises:
            ProgrammingError: no foreign key, or several; a model that is there already.
        """
        return self._joined(target, on, "")

    def left_join(self, target: Target, on: Truth | ColumnRef[Any] | None = None) -> Self:
        """As `join`, keeping rows that nothing matches: what is selected of `target` is then None, see `optional`."""
        return self._joined(target, on, "LEFT")

    def right_join(self, target: Target, on: Truth | ColumnRef[Any] | None = None) -> Self:
        """As `join`, keeping the rows of `target` that nothing matches: all that was there before may be None, see `optional`."""
        return self._joined(target, on, "RIGHT")

    def full_join(self, target: Target, on: Truth | ColumnRef[Any] | None = None) -> Self:
        """As `join`, keeping the rows of both sides that nothing matches: all of them may be None, see `optional`."""
        return self._joined(target, on, "FULL")

    def cross_join(self, target: Target) -> Self:
        """Combine each row with every row of another model."""
        return self._joined(target, None, "CROSS")

    def _joined(self, target: Any, on: Any, kind: str) -> Self:
        made = self._copy()
        made._joins += joins(self._sides(), target, on, kind)
        return made

    def _sides(self) -> list[Side]:
        first = self._start or next((side for one in self._elements if (side := _home(one)) is not None), None)
        if first is None:
            if self._joins or any(_counts(one) for one in self._elements):
                msg = "the statement does not say where its rows come from: say select_from(Model)"
                raise ProgrammingError(msg)
            return []  # one calculated row
        return [first, *[join.side for join in self._joins]]

    # --- which rows --------------------------------------------------------------------------------------------------

    def where(self, *conditions: Filter) -> Self:
        """Keep the rows that meet all conditions (`User.age >= 18`, `Q(...)`), these and those given before.

        Raises:
            TypeError: not a condition.
        """
        made = self._copy()
        made._where += filtering.conditions(self._words, conditions)
        return made

    def filter_by(self, /, **values: Any) -> Self:
        """Keep the rows that have these values, of the first model. Raises UnknownColumn, DataError."""
        made = self._copy()
        made._where += filtering.equalities(self._words, values)
        return made

    def group_by(self, *columns: str | Expr[Any]) -> Self:
        """One result row per different combination of these. Raises UnknownColumn."""
        made = self._copy()
        made._group += tuple([self._named(one) for one in columns])
        return made

    def having(self, *conditions: Truth) -> Self:
        """Keep the groups that meet all conditions: `having(func.count() > 5)`."""
        made = self._copy()
        made._having += filtering.conditions(self._words, conditions)
        return made

    def distinct(self, *on: str | Expr[Any]) -> Self:
        """Drop repeated rows; with columns keep the first row for each different combination of these (PostgreSQL)."""
        made = self._copy()
        made._distinct = tuple([self._named(one) for one in on]) or True
        return made

    def for_update(
        self,
        *,
        of: Sequence[Target] = (),
        nowait: bool = False,
        skip_locked: bool = False,
        read: bool = False,
        key_share: bool = False,
    ) -> Self:
        """Lock the rows until the end of the transaction.

        Args:
            of: only the rows of these models.
            nowait: fail at once if another transaction has locked a row.
            skip_locked: leave out rows that another transaction has locked.
            read: a lock that other readers may hold at the same time (FOR SHARE).
            key_share: the weaker form, which lets others insert rows that refer to these: FOR NO KEY UPDATE, with `read` FOR KEY SHARE,
                which only keeps the keys from being changed (PostgreSQL).

        SQLite has one lock for the whole database; there `nowait` and `skip_locked` are a NotSupportedError.
        """
        made = self._copy()
        sources = sources_of(of, "for_update(of=...)")
        made._lock = {"of": sources, "nowait": nowait, "skip_locked": skip_locked, "read": read, "key_share": key_share}
        return made

    # --- in which order, how many ------------------------------------------------------------------------------------

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort: expressions, or names of the result or the first model (`"-age"` is the largest first). Raises UnknownColumn."""
        made = self._copy()
        made._order += tuple([ordering(term, self._named, desc=desc) for term in terms])
        return made

    def limit(self, rows: int | None) -> Self:
        """At most so many rows; None for all. Raises TypeError or ValueError for anything but a number from 0 on."""
        clause.count([None], [()], 0, rows)
        made = self._copy()
        made._limit = rows
        return made

    def offset(self, rows: int | None) -> Self:
        """Skip the first so many rows. Raises TypeError or ValueError for anything but a number from 0 on."""
        clause.count([None], [()], 0, rows)
        made = self._copy()
        made._offset = rows
        return made

    # --- what it comes to --------------------------------------------------------------------------------------------

    def query(self) -> Select:
        """The statement of `ferrow.sql`. Raises ProgrammingError for what may be missing and is not `optional`."""
        if self._made is None:
            self._made = self._query()
        return self._made

    def _copy(self) -> Self:
        made = super()._copy()
        made._made = None
        return made

    def _query(self) -> Select:
        sides = self._sides()
        check_missing(self._elements, sides, self._joins)
        columns = [column for one in self._elements for column in one.columns]
        if self._group:
            check_grouped(self._group, [*columns, *[one.expr for one in self._order], *self._having], sides)
        made = Select(
            columns,
            sides[0].source if sides else None,
            and_(*self._where) if self._where else None,
            [Join(join.side.source, join.on, kind=join.kind) for join in self._joins],
            group_by=self._group,
            having=and_(*self._having) if self._having else None,
            order_by=self._order,
            limit=self._limit,
            offset=self._offset,
            distinct=self._distinct is True,
        )
        if isinstance(self._distinct, tuple):
            made = made.distinct(*self._distinct)
        return made if self._lock is None else made.for_update(**self._lock)

    def _words(self) -> Words | None:
        """The words of the first model, if it is known."""
        first = self._start or next((side for one in self._elements if (side := _home(one)) is not None), None)
        return None if first is None else first.words()

    def _named(self, one: Any) -> Expr[Any]:
        if isinstance(one, Expr):
            return one
        for element in self._elements:
            if element.name == one and element.expr is not None:
                return element.expr
        if not isinstance(one, str):
            msg = f"expected the name of a column or an expression, not {one!r}"
            raise ProgrammingError(msg)
        words = filtering.known(self._words(), f"the name {one!r}")
        if one not in words.table.by_key:
            labels = [each.name for each in self._elements if each.expr is not None and each.name is not None]
            msg = f"neither the result nor {words.table.label} has a column {one!r}. {nearest(one, [*labels, *words.table.by_key])}"
            raise UnknownColumn(msg)
        return words.expression(one)


def _home(element: Element) -> Side | None:
    """The source that an element's first column belongs to."""
    if element.entity is not None:
        return Side.of(element.entity)
    expr: Any = element.expr
    inner = expr.expr if isinstance(expr, Labelled) else expr
    if isinstance(inner, ColumnRef):
        return Side(inner.table)
    for part in parts(inner.shape, within=True):
        if type(part) is ColumnKey and type(part.table) is TableKey:
            return Side(TableRef(part.table.name, part.table.schema, part.table.alias))
    return None


def _counts(element: Element) -> bool:
    return any(part is AGGREGATE for part in parts(element.columns[0].shape, within=True))
