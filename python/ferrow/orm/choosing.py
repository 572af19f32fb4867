"""Which rows a query is about, and how they are grouped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self

from ferrow.orm import grouping, joining, shown, sorting
from ferrow.orm.generic import M
from ferrow.orm.q import Q

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria, Filter
    from ferrow.orm.loading.option import LoadOption
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan
    from ferrow.orm.session import AsyncSession
    from ferrow.orm.words import Words
    from ferrow.sql import Expr, Ordering
    from ferrow.sql.logic import Truth


class AsyncChoosing(Generic[M]):
    """The half of a query that says which rows. Each method returns another query."""

    __slots__ = ("_criteria", "_engine", "_loading", "_plan", "_session")

    if TYPE_CHECKING:
        _criteria: Criteria
        _engine: AsyncEngine
        _loading: Loading | None
        _plan: Plan[M]
        _session: AsyncSession

    def _with(self, criteria: Criteria) -> Self:
        made = object.__new__(type(self))
        made._engine = self._engine
        made._session = self._session
        made._plan = self._plan
        made._criteria = criteria
        made._loading = self._loading
        return made

    @property
    def _words(self) -> Words:
        extras = self._criteria.extras
        return self._plan.words if extras is None or extras.words is None else extras.words

    # --- which rows --------------------------------------------------------------------------------------------------

    def filter(self, /, *conditions: Filter, **keywords: Any) -> Self:
        """Keep the rows that meet all conditions, these and those given before.

        Keywords are a column's name, or the name, two underscores and an operator: `age__gte=18`. Operators: eq (the default;
        None is IS NULL), ne, gt, gte, lt, lte, in, notin, like, ilike, contains, icontains, startswith, istartswith,
        endswith, iendswith (text taken literally), isnull, isnotnull (True or False).

        Args:
            conditions: expressions such as `User.age >= 18`, or `Q(...)`.
            keywords: see above.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            ProgrammingError: no such operator, or one that does not go with the column's type.
            DataError: a value of another type than the column's.
        """
        criteria = self._criteria
        if criteria.extras is None:
            return self._with(criteria.filtered(self._plan.words, conditions, keywords))
        return self._with(grouping.filtered(criteria, self._words, conditions, keywords))

    def exclude(self, /, *conditions: Filter, **keywords: Any) -> Self:
        """Drop the rows that `filter` with the same arguments would keep, and no others.

        Those where the condition is unknown, because it compares with a NULL, stay; `filter(~Q(...))` drops them too.
        """
        return self._with(grouping.excluded(self._criteria, self._words, Q(*conditions, **keywords)))

    def with_deleted(self) -> Self:
        """Leave soft deletion out of account: the rows that were deleted too. Related rows that were are still left out.

        Raises:
            NoSoftDelete: the model has no soft deletion.
        """
        return self._with(shown.deleted(self._criteria, self._plan.table, "with"))

    def only_deleted(self) -> Self:
        """Only the rows that were deleted softly. Raises NoSoftDelete if the model has no soft deletion."""
        return self._with(shown.deleted(self._criteria, self._plan.table, "only"))

    def unscoped(self) -> Self:
        """The rows outside of the model's `__scope__` too; of related rows still those inside of theirs. Deleted rows stay left out."""
        return self._with(shown.unscoped(self._criteria, self._plan.table))

    def filter_by(self, /, **values: Any) -> Self:
        """Keep the rows that have these values; keywords are names of columns or relations and nothing else. Raises UnknownColumn."""
        for key in values:
            self._plan.words.attribute(key)
        return self._with(self._criteria.filtered(self._plan.words, (), values))

    def join(self, target: Any, on: Truth | None = None) -> Self:
        """Put matching rows of another table beside each row, for conditions, orders and values; rows without a match go.

        A row with several matches comes several times; `distinct()` brings it back to one. Keywords stay about this model.

        Args:
            target: a relation (`User.posts`, or its name), a model, an alias of one, or a subquery or CTE of `ferrow.sql`.
            on: the condition, `Post.author_id == User.id`; not for a relation, which knows it.

        Raises:
            ProgrammingError: something that cannot be joined, or a model without a condition.
            UnknownColumn: no relation of this name.
        """
        return self._with(joining.joined(self._criteria, self._plan.model, target, on))

    def left_join(self, target: Any, on: Truth | None = None) -> Self:
        """As `join`, keeping rows without a match: the other table's columns are NULL there.

        Arguments (`target`, `on`) and errors as for `join`.
        """
        return self._with(joining.joined(self._criteria, self._plan.model, target, on, kind="LEFT"))

    def right_join(self, target: Any, on: Truth | None = None) -> Self:
        """As `join`, keeping rows of the other table without a match: all columns of this model are NULL there.

        For `values`, `values_list`, `count` and other numbers: such a row is no instance. Arguments as for `join`.

        Raises:
            ProgrammingError: as `join`; or one of the models has soft deletion or a scope.
        """
        return self._with(joining.joined(self._criteria, self._plan.model, target, on, kind="RIGHT"))

    def full_join(self, target: Any, on: Truth | None = None) -> Self:
        """As `right_join`, keeping rows of this model without a match, too.

        Arguments (`target`, `on`) and errors as for `right_join`; and on MariaDB, which has no such join, NotSupportedError.
        """
        return self._with(joining.joined(self._criteria, self._plan.model, target, on, kind="FULL"))

    def for_update(
        self,
        *,
        nowait: bool = False,
        skip_locked: bool = False,
        of: Iterable[Any] = (),
        read: bool = False,
        key_share: bool = False,
    ) -> Self:
        """Lock the rows that are read until the end of the transaction. SQLite has no locks of rows: there it says nothing.

        Args:
            nowait: an error instead of waiting for rows that others have locked (not on SQLite).
            skip_locked: leave such rows out (not on SQLite).
            of: models whose rows are locked, of those joined; all by default.
            read: FOR SHARE: others may read and share, not change.
            key_share: the weaker form, which lets others insert rows that refer to these: FOR NO KEY UPDATE, with `read` FOR KEY SHARE,
                which only keeps the keys from being changed (PostgreSQL).

        Raises:
            ProgrammingError: both `nowait` and `skip_locked`.
            NotSupportedError: SQLite, and one of them is asked for.
        """
        return self._with(
            joining.locked(self._criteria, of, nowait=nowait, skip_locked=skip_locked, read=read, key_share=key_share)
        )

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort, after the terms given before: `order_by("-created", User.name)`.

        Args:
            terms: names of columns, with `-` for the largest first, or expressions (`User.name.desc().nulls_last()`).
            desc: largest first for the terms that do not say it themselves.

        Raises:
            UnknownColumn: the model has no such column; names the nearest. What is computed has a name from `annotate` on.
            ProgrammingError: its values have no order (JSON).
        """
        return self._with(sorting.ordered(self._criteria, self._words, terms, desc=desc))

    def limit(self, rows: int | None) -> Self:
        """At most so many rows; None for all. Raises TypeError or ValueError for anything but a number from 0 on."""
        return self._with(self._criteria.limited(rows))

    def offset(self, rows: int | None) -> Self:
        """Skip the first so many rows. Raises TypeError or ValueError for anything but a number from 0 on."""
        return self._with(self._criteria.skipping(rows))

    def distinct(self, *on: str | Expr[Any]) -> Self:
        """Drop repeated result rows; with columns, all but the first row of each combination of their values.

        Without columns it is of use with `values`, `values_list` and joins: rows with a primary key never repeat. With columns
        `order_by` says which row is the first, and must begin with them.

        Raises:
            UnknownColumn: the model has no such column.
        """
        if not on:
            return self._with(self._criteria.different())
        return self._with(grouping.first_of_each(self._criteria, self._words, on))

    # --- groups ------------------------------------------------------------------------------------------------------

    def annotate(self, *labelled: Expr[Any], **named: Expr[Any] | str) -> Self:
        """Compute something beside each row, or over each group, under a name: `annotate(total=func.sum(Order.amount))`.

        The name is known to `filter`, `having`, `order_by`, `values` and `values_list` from here on. An annotation over many
        rows makes rows of groups, by `group_by`, or else by the other columns that `values` is asked for.

        Args:
            labelled: expressions with a `label(...)`.
            named: expressions by name. With the name of a column instead, `count`, `sum`, `avg`, `min` and `max` are that function
                of it (`count="id"`), any other keyword is another name for it.

        Raises:
            UnknownColumn: no such column.
            ProgrammingError: a name that is taken.
        """
        return self._with(grouping.annotated(self._criteria, self._words, labelled, named))

    def group_by(self, *columns: str | Expr[Any]) -> Self:
        """One row per different combination of these, for `values`, `values_list`, `count`, `exists` and `having`.

        Instances can be asked for only when the primary key is among them, which is of use with joins.

        Raises:
            UnknownColumn: no such column or annotation.
            ProgrammingError: nothing to group by, or something that is computed over many rows.
        """
        return self._with(grouping.grouped_by(self._criteria, self._words, columns))

    def having(self, /, *conditions: Filter, **keywords: Any) -> Self:
        """Keep the groups that meet all conditions: `having(count__gt=5)`, `having(func.sum(Order.amount) > 100)`.

        Keywords are as in `filter`, of `count` (the rows of the group), of annotations, and of columns grouped by.

        Raises:
            UnknownColumn: none of these; names the nearest.
            ProgrammingError: a column that differs within a group, or as `filter`.
        """
        return self._with(grouping.having(self._criteria, self._words, conditions, keywords))

    def options(self, *options: LoadOption) -> Self:
        """Load relations together with the instances: `options(selectinload("posts"), joinedload(User.city))`.

        Of two options about the same relation the later one counts. Only what gives instances loads anything.

        Raises:
            UnknownColumn: the model has no such relation; names the nearest.
            ProgrammingError: not a load option, an attribute of another model, or a path through what is not loaded.
            ModelError: it cannot be told which columns a relation is about.
        """
        made = self._with(self._criteria)
        made._loading = (self._loading or self._plan.loading).more(options) or None
        return made
