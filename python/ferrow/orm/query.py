"""Queries over one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm import changing, reading, showing
from ferrow.orm.asked import Asked
from ferrow.orm.computing import AsyncComputing
from ferrow.orm.criteria import ALL, USUAL
from ferrow.orm.generic import M
from ferrow.orm.plan import plan_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from ferrow.orm.criteria import Criteria, Filter
    from ferrow.orm.explaining import QueryPlan
    from ferrow.orm.session import AsyncSession
    from ferrow.orm.slice import Page, Slice
    from ferrow.orm.stream import AsyncQueryStream


class AsyncQuery(AsyncComputing[M]):
    """Rows of one model: say which, then ask for them. Made by `session.query(User)`.

        await session.query(User).filter(age__gte=18, name__startswith="A").order_by("-age").limit(10).all()

    A query never changes; each method returns another one, so a query can be kept and built upon. Nothing is sent before one
    of the awaited methods asks for it, and names the model does not have are errors before that. Everything that is asked
    for respects conditions, order, limit, offset and distinct.
    """

    __slots__ = ()

    def __init__(self, session: AsyncSession, model: type[M]) -> None:
        self._session = session
        self._engine = session._engine
        self._plan = plan_of(model, session._dialect)
        table = self._plan.table
        self._criteria = ALL if table.visible is None else ALL.showing_as(table, USUAL)
        self._loading = self._plan.loading or None

    def to_sql(self) -> tuple[str, tuple[Any, ...]]:
        """The SQL that `all` (of groups: `values`) would send, and its parameters.

        Raises:
            ProgrammingError: a column that does not belong to the query.
        """
        return showing.sql_of(self._plan, self._words, self._criteria)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {showing.shown(self)}>"

    def __bool__(self) -> bool:
        msg = f"a query of {self._plan.table.label} says which rows, and has no truth value: ask it, .exists()"
        raise TypeError(msg)

    def _repr_html_(self) -> str:
        return showing.html(self)

    # --- instances ---------------------------------------------------------------------------------------------------

    async def all(self) -> list[M]:
        """Every row, as instances, in the order of `order_by`; an empty list where there is none.

        Raises:
            ProgrammingError: the query has groups, which are no instances: `values()` gives them.
            DatabaseError: what the database reports.
        """
        criteria = self._criteria
        if criteria.extras is not None or self._loading is not None:
            return await self._read("all()", criteria)
        self._session._loaded = True
        plan = self._plan
        prepared = reading.instances(plan, criteria)
        rows: list[M] = (await self._engine.run(prepared.sql, criteria.values, prepared.shape, prepared.kinds)).rows
        if plan.lines is not None:
            plan.lines.note(self._engine, rows)
        return rows

    async def first(self) -> M | None:
        """The first row, or None. Which one that is without `order_by` is the database's choice."""
        criteria = self._criteria
        if criteria.extras is not None or self._loading is not None:
            found = await self._read("first()", criteria.at_most(1))
        else:
            self._session._loaded = True
            plan = self._plan
            prepared, given = reading.first(plan, criteria)
            found = (await self._engine.run(prepared.sql, given, prepared.shape, prepared.kinds)).rows
            if plan.lines is not None:
                plan.lines.note(self._engine, found)
        return found[0] if found else None

    async def one(self) -> M:
        """The only row.

        Raises:
            NoResultFound: there is none.
            MultipleResultsFound: there are several.
        """
        found = await self.one_or_none()
        if found is None:
            raise self._asked().none()
        return found

    async def one_or_none(self) -> M | None:
        """The only row, or None if there is none. Raises MultipleResultsFound if there are several."""
        found = await self._with(self._criteria.at_most(2)).all()
        if len(found) > 1:
            raise self._asked().several()
        return found[0] if found else None

    def _asked(self) -> Asked:
        condition = self._criteria.condition()
        return Asked(self._plan.table.label, None if condition is None else condition.shape)

    async def get_or_none(self, /, *conditions: Filter, **keywords: Any) -> M | None:
        """`filter` with these arguments, then `one_or_none`: `get_or_none(email="ada@example.org")`."""
        return await self.filter(*conditions, **keywords).one_or_none()

    async def in_bulk(self, keys: Iterable[Any]) -> dict[Any, M]:
        """The instances with these primary keys, by key, in the order of the keys; keys without a row are left out.

        Keys are given as to `session.get`; those of several columns are tuples in the dict.

        Raises:
            ModelError: the model has no primary key.
            ProgrammingError: the query has a limit or an offset.
            DataError, ProgrammingError: as `session.get`.
        """
        from ferrow.orm.bulk import in_bulk

        self._session._loaded = True
        return await in_bulk(self._engine, self._plan, self._words, self._criteria, self._loading, keys)

    async def _read(self, purpose: str, criteria: Criteria) -> list[M]:
        """The instances where there is more to it than one table."""
        from ferrow.orm.loading.read import read

        self._session._loaded = True
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

        self._session._loaded = True
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
            ProgrammingError: the query has a limit, an offset, joins without `distinct()`, or its rows are groups.
        """
        from ferrow.orm.paging import after

        self._session._loaded = True
        return await after(self._engine, self._plan, self._words, self._criteria, self._loading, cursor, size, secret)

    def stream(self, batch_size: int = 1000) -> AsyncQueryStream[M]:
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

        self._session._loaded = True
        prepared, given = reading.instances_beyond(self._plan, self._words, self._criteria, "stream()")
        return AsyncQueryStream(self._engine, self._plan, prepared, given, self._loading, size_of(batch_size))

    def __aiter__(self) -> AsyncIterator[M]:
        """`async for user in query` is `async for user in query.stream()`."""
        return aiter(self.stream())

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
        """Delete all these rows; returns how many there were. Without conditions that is every row of the table.

        Rows of a model with soft deletion are marked as deleted; `force_delete` deletes them.

        Raises:
            ProgrammingError: of `only_deleted()` rows: they are deleted already.
        """
        return await changing.delete(self._engine, self._plan, self._words, self._criteria)

    async def force_delete(self) -> int:
        """Delete all these rows, also those of a model with soft deletion; returns how many there were.

        Those that are marked already are not among them: `only_deleted().force_delete()` is for these, `with_deleted()` for both.
        """
        return await changing.force_delete(self._engine, self._plan, self._words, self._criteria)

    async def restore(self) -> int:
        """Take the mark of soft deletion off all these rows; returns how many had it.

        Raises:
            NoSoftDelete: the model has no soft deletion.
        """
        return await changing.restore(self._engine, self._plan, self._words, self._criteria)
