"""Queries over one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, Self, overload

from ferrow.errors import MultipleResultsFound, NoResultFound
from ferrow.orm import changing, grouping, joining, reading, showing, values
from ferrow.orm.criteria import ALL, Criteria, Filter
from ferrow.orm.generic import M, T
from ferrow.orm.plan import plan_of
from ferrow.orm.q import Q

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ferrow.orm.explaining import QueryPlan
    from ferrow.orm.loading.option import LoadOption
    from ferrow.orm.session import AsyncSession
    from ferrow.orm.slice import Page, Slice
    from ferrow.orm.stream import AsyncQueryStream
    from ferrow.orm.words import Words
    from ferrow.sql import Expr, Ordering
    from ferrow.sql.logic import Truth


class AsyncQuery(Generic[M]):
    """Rows of one model: say which, then ask for them. Made by `session.query(User)`.

        await session.query(User).filter(age__gte=18, name__startswith="A").order_by("-age").limit(10).all()

    A query never changes; each method returns another one, so a query can be kept and built upon. Nothing is sent before one
    of the awaited methods asks for it, and names the model does not have are errors before that. Everything that is asked
    for respects conditions, order, limit, offset and distinct.
    """

    __slots__ = ("_criteria", "_engine", "_loading", "_plan")

    def __init__(self, session: AsyncSession, model: type[M]) -> None:
        self._engine = session._engine
        self._plan = plan_of(model, session._dialect)
        self._criteria = ALL
        self._loading = self._plan.loading or None

    def _with(self, criteria: Criteria) -> Self:
        made = object.__new__(type(self))
        made._engine = self._engine
        made._plan = self._plan
        made._criteria = criteria
        made._loading = self._loading
        return made

    @property
    def _words(self) -> Words:
        extras = self._criteria.extras
        return self._plan.words if extras is None or extras.words is None else extras.words

    def to_sql(self) -> tuple[str, tuple[Any, ...]]:
        """The SQL that `all` (of groups: `values`) would send, and its parameters.

        Raises:
            ProgrammingError: a column that does not belong to the query.
        """
        return showing.sql_of(self._plan, self._words, self._criteria)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {showing.shown(self)}>"

    def _repr_html_(self) -> str:
        return showing.html(self)

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

    def filter_by(self, /, **values: Any) -> Self:
        """Keep the rows that have these values; keywords are names of columns or relations and nothing else. Raises UnknownColumn."""
        for key in values:
            self._plan.words.attribute(key)
        return self._with(self._criteria.filtered(self._plan.words, (), values))

    def join(self, target: Any, on: Truth | None = None) -> Self:
        """Put matching rows of another table beside each row, for conditions, orders and values; rows without a match go.

        A row with several matches comes several times; `distinct()` brings it back to one. Keywords stay about this model.

        Args:
            target: a relation (`User.posts`), a model, an alias of one, or a subquery or CTE of `ferrow.sql`.
            on: the condition, `Post.author_id == User.id`; not for a relation, which knows it.

        Raises:
            ProgrammingError: something that cannot be joined, or a model without a condition.
        """
        return self._with(joining.joined(self._criteria, self._plan.model, target, on, outer=False))

    def left_join(self, target: Any, on: Truth | None = None) -> Self:
        """As `join`, keeping rows without a match: the other table's columns are NULL there."""
        return self._with(joining.joined(self._criteria, self._plan.model, target, on, outer=True))

    def for_update(
        self, *, nowait: bool = False, skip_locked: bool = False, of: Iterable[Any] = (), read: bool = False
    ) -> Self:
        """Lock the rows that are read until the end of the transaction. SQLite has no locks of rows: there it says nothing.

        Args:
            nowait: an error instead of waiting for rows that others have locked (not on SQLite).
            skip_locked: leave such rows out (not on SQLite).
            of: models whose rows are locked, of those joined; all by default.
            read: FOR SHARE: others may read and share, not change.

        Raises:
            ProgrammingError: both `nowait` and `skip_locked`.
            NotSupportedError: SQLite, and one of them is asked for.
        """
        return self._with(joining.locked(self._criteria, of, nowait=nowait, skip_locked=skip_locked, read=read))

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort, after the terms given before: `order_by("-created", User.name)`.

        Args:
            terms: names of columns, with `-` for the largest first, or expressions (`User.name.desc().nulls_last()`).
            desc: largest first for the terms that do not say it themselves.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            ProgrammingError: its values have no order (JSON).
        """
        return self._with(self._criteria.ordered(self._words, terms, desc=desc))

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

    # --- instances ---------------------------------------------------------------------------------------------------

    async def all(self) -> list[M]:
        """Every row, as instances."""
        criteria = self._criteria
        if criteria.extras is not None or self._loading is not None:
            return await self._read("all()", criteria)
        prepared = reading.instances(self._plan, criteria)
        return (await self._engine.run(prepared.sql, criteria.values, prepared.shape, prepared.kinds)).rows

    async def first(self) -> M | None:
        """The first row, or None. Which one that is without `order_by` is the database's choice."""
        criteria = self._criteria
        if criteria.extras is not None or self._loading is not None:
            found = await self._read("first()", criteria.at_most(1))
        else:
            prepared, given = reading.first(self._plan, criteria)
            found = (await self._engine.run(prepared.sql, given, prepared.shape, prepared.kinds)).rows
        return found[0] if found else None

    async def one(self) -> M:
        """The only row.

        Raises:
            NoResultFound: there is none.
            MultipleResultsFound: there are several.
        """
        found = await self.one_or_none()
        if found is None:
            msg = f"exactly one {self._plan.table.label} was expected, and no row matches; use one_or_none() or first() where that may be"
            raise NoResultFound(msg)
        return found

    async def one_or_none(self) -> M | None:
        """The only row, or None if there is none. Raises MultipleResultsFound if there are several."""
        found = await self._with(self._criteria.at_most(2)).all()
        if len(found) > 1:
            msg = f"at most one {self._plan.table.label} was expected, and several rows match; use first() or all() where that may be"
            raise MultipleResultsFound(msg)
        return found[0] if found else None

    async def get_or_none(self, /, *conditions: Filter, **keywords: Any) -> M | None:
        """`filter` with these arguments, then `one_or_none`: `get_or_none(email="ada@example.org")`."""
        return await self.filter(*conditions, **keywords).one_or_none()

    async def in_bulk(self, keys: Iterable[Any]) -> dict[Any, M]:
        """The instances with these primary keys, by key, in the order of the keys; keys without a row are left out.

        Keys are given as to `session.get`; those of several columns are tuples in the dict.

        Raises:
            ModelError: the model has no primary key.
            DataError, ProgrammingError: as `session.get`.
        """
        from ferrow.orm.bulk import in_bulk

        return await in_bulk(self._engine, self._plan, self._words, self._criteria, self._loading, keys)

    async def _read(self, purpose: str, criteria: Criteria) -> list[M]:
        """The instances where there is more to it than one table."""
        from ferrow.orm.loading.read import read

        return await read(self._engine, self._plan, self._words, criteria, self._loading, purpose)

    # --- some at a time ----------------------------------------------------------------------------------------------

    async def page(self, number: int = 1, *, size: int = 20) -> Page[M]:
        """Page `number`, from 1 on, of `size` rows, and how many there are in all, as of one moment.

        The further in, the more rows the database reads in vain; and rows that come and go move the others to other pages.
        `after` has neither trouble. Give the query an order.

        Raises:
            TypeError, ValueError: not whole numbers from 1 on.
            ProgrammingError: the query has a limit or an offset, or its rows are groups.
        """
        from ferrow.orm.paging import page

        return await page(self._engine, self._plan, self._words, self._criteria, self._loading, number, size)

    async def after(self, cursor: str | None = None, *, size: int = 20, secret: str | bytes | None = None) -> Slice[M]:
        """The `size` rows at a cursor, in the query's order: None for the first ones, else `next` or `previous` of a slice.

        Each slice costs the same however far in it is, and rows that come and go move no others. Rows that the order does not
        tell apart come by primary key.

        Args:
            cursor: is text that is safe in a URL. Whoever has it can read in it what the slice's last row has in the columns of
                the order.
            size: rows at most.
            secret: of yours; with it nobody can make up a cursor. Without, a cursor that was changed is still noticed, but somebody
                who reads this source could make one, which could lead to rows of this query only.

        Raises:
            InvalidCursor: the cursor of another query (another order, other conditions; moments in them may differ), or
                one that was changed.
            TypeError, ValueError: `size` is not a whole number from 1 on.
            ModelError: the model has no primary key.
            ProgrammingError: the query has a limit or an offset, or its rows are groups.
        """
        from ferrow.orm.paging import after

        return await after(self._engine, self._plan, self._words, self._criteria, self._loading, cursor, size, secret)

    def stream(self, *, batch_size: int = 1000) -> AsyncQueryStream[M]:
        """The instances one by one, for results that are too large to hold: `async for user in query.stream()`.

        A cursor of the database: the rows are those of one moment, at no time more than `batch_size` of them are in memory, and
        order, limit and offset hold as in `all`. Until its end a stream holds a connection of the pool, in a transaction of
        its own; inside `begin()` it belongs to that transaction, and other calls may run between its batches. A loop that is
        left early closes it; so does the end of `async with query.stream() as users`.

        Raises:
            TypeError, ValueError: `batch_size` is not a whole number from 1 on.
            ProgrammingError: the rows are groups.
        """
        from ferrow.orm.stream import AsyncQueryStream, size_of

        prepared, given = reading.instances_beyond(self._plan, self._words, self._criteria, "stream()")
        return AsyncQueryStream(self._engine, self._plan, prepared, given, self._loading, size_of(batch_size))

    async def explain(self, *, analyze: bool = False, verbose: bool = False, buffers: bool = False) -> QueryPlan:
        """How the database would run this query: `print(await query.explain())`.

        Args:
            analyze: run it, and say how long each step took (PostgreSQL).
            verbose: say more (PostgreSQL).
            buffers: say what was read from where; with `analyze` (PostgreSQL).

        Raises:
            NotSupportedError: SQLite, and one of these is asked for.
        """
        options = {"analyze": analyze, "verbose": verbose, "buffers": buffers}
        return await showing.explain(self._engine, self._plan, self._words, self._criteria, **options)

    # --- values ------------------------------------------------------------------------------------------------------

    async def values(self, *columns: str | Expr[Any], **named: Expr[Any] | str) -> list[dict[str, Any]]:
        """The rows as dicts by attribute name; columns by name or expression, all if none is given.

        Annotations come along. Where something is computed over many rows, as in `values("kind", n=func.count())`, there is
        one row per combination of the other columns.

        Args:
            columns: names, labels of annotations, expressions.
            named: more of them under names, as in `annotate`.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: two columns of one name; `label(...)` gives another. A column that differs within a group.
        """
        return await values.dicts(self._engine, self._plan, self._words, self._criteria, columns, named)

    @overload
    async def values_list(
        self, *columns: str | Expr[Any], flat: Literal[False] = False, **named: Expr[Any] | str
    ) -> list[tuple[Any, ...]]: ...
    @overload
    async def values_list(self, column: Expr[T], /, *, flat: Literal[True]) -> list[T]: ...
    @overload
    async def values_list(self, *columns: str | Expr[Any], flat: bool, **named: Expr[Any] | str) -> list[Any]: ...
    async def values_list(self, *columns: str | Expr[Any], flat: bool = False, **named: Expr[Any] | str) -> list[Any]:
        """The rows as tuples, of columns as in `values`; with `flat`, the values of the one column asked for.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: `flat` with another number of columns than one.
        """
        form = values.flat if flat else values.tuples
        return await form(self._engine, self._plan, self._words, self._criteria, columns, named)

    # --- numbers -----------------------------------------------------------------------------------------------------

    async def count(self) -> int:
        """How many rows there are; of groups, how many groups."""
        plan, criteria = self._plan, self._criteria
        prepared, given = reading.count(plan, self._words, criteria)
        result = await self._engine.run(prepared.sql, given, prepared.shape, prepared.kinds)
        return reading.counted(result.rows[0], self._words, criteria)

    async def exists(self) -> bool:
        """Whether there is at least one row."""
        prepared, given = reading.exists(self._plan, self._words, self._criteria.at_most(1))
        return bool((await self._engine.run(prepared.sql, given, prepared.shape, prepared.kinds)).rows)

    @overload
    async def sum(self, column: Expr[T]) -> T | None: ...
    @overload
    async def sum(self, column: str) -> Any: ...
    async def sum(self, column: str | Expr[Any]) -> Any:
        """The sum of a column, exact for Decimals; None without values. Raises UnknownColumn, ProgrammingError if not numbers."""
        return await self._aggregate("sum", column)

    @overload
    async def avg(self, column: Expr[Any]) -> Any: ...
    @overload
    async def avg(self, column: str) -> Any: ...
    async def avg(self, column: str | Expr[Any]) -> Any:
        """The mean of a column: a Decimal for Decimals, else a float; None without values. Raises as `sum`."""
        return await self._aggregate("avg", column)

    @overload
    async def min(self, column: Expr[T]) -> T | None: ...
    @overload
    async def min(self, column: str) -> Any: ...
    async def min(self, column: str | Expr[Any]) -> Any:
        """The smallest value of a column; None without values. Raises UnknownColumn, ProgrammingError for JSON."""
        return await self._aggregate("min", column)

    @overload
    async def max(self, column: Expr[T]) -> T | None: ...
    @overload
    async def max(self, column: str) -> Any: ...
    async def max(self, column: str | Expr[Any]) -> Any:
        """The largest value of a column; None without values. Raises UnknownColumn, ProgrammingError for JSON."""
        return await self._aggregate("max", column)

    async def _aggregate(self, name: str, column: str | Expr[Any]) -> Any:
        statement = reading.aggregate(self._words, self._criteria, name, column)
        prepared = values.prepared_rows(self._plan, statement, statement.columns)
        result = await self._engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)
        return result.rows[0][0]

    # --- changes -----------------------------------------------------------------------------------------------------

    async def update(self, /, **values: Any) -> int:
        """Set columns in all these rows to values, or to expressions (`age=User.age + 1`); returns how many rows there were.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
            ProgrammingError: no values at all.
        """
        return await changing.update(self._engine, self._plan, self._words, self._criteria, values)

    async def delete(self) -> int:
        """Delete all these rows; returns how many there were. Without conditions that is every row of the table."""
        return await changing.delete(self._engine, self._plan, self._words, self._criteria)
