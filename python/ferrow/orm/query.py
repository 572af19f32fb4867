"""Queries over one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, Self, overload

from ferrow.errors import MultipleResultsFound, NoResultFound
from ferrow.orm import changing, reading, values
from ferrow.orm.criteria import ALL, Criteria, Filter
from ferrow.orm.generic import M, T
from ferrow.orm.loading.read import read
from ferrow.orm.plan import plan_of
from ferrow.sql import compile

if TYPE_CHECKING:
    from ferrow.orm.loading.option import LoadOption
    from ferrow.orm.session import AsyncSession
    from ferrow.sql import Expr, Ordering


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
        self._loading = self._plan.loading

    def _with(self, criteria: Criteria) -> Self:
        made = object.__new__(type(self))
        made._engine = self._engine
        made._plan = self._plan
        made._criteria = criteria
        made._loading = self._loading
        return made

    def __repr__(self) -> str:
        plan = self._plan
        return f"<{type(self).__name__} {compile(self._criteria.select(plan.words, plan.refs), plan.dialect).sql}>"

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
        return self._with(self._criteria.filtered(self._plan.words, conditions, keywords))

    def filter_by(self, /, **values: Any) -> Self:
        """Keep the rows that have these values; keywords are names of columns or relations and nothing else. Raises UnknownColumn."""
        for key in values:
            self._plan.words.attribute(key)
        return self._with(self._criteria.filtered(self._plan.words, (), values))

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort, after the terms given before: `order_by("-created", User.name)`.

        Args:
            terms: names of columns, with `-` for the largest first, or expressions (`User.name.desc().nulls_last()`).
            desc: largest first for the terms that do not say it themselves.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            ProgrammingError: its values have no order (JSON).
        """
        return self._with(self._criteria.ordered(self._plan.words, terms, desc=desc))

    def limit(self, rows: int | None) -> Self:
        """At most so many rows; None for all. Raises TypeError or ValueError for anything but a number from 0 on."""
        return self._with(self._criteria.limited(rows))

    def offset(self, rows: int | None) -> Self:
        """Skip the first so many rows. Raises TypeError or ValueError for anything but a number from 0 on."""
        return self._with(self._criteria.skipping(rows))

    def distinct(self) -> Self:
        """Drop repeated result rows. Of use with `values` and `values_list`: rows with a primary key never repeat."""
        return self._with(self._criteria.different())

    def options(self, *options: LoadOption) -> Self:
        """Load relations together with the instances: `options(selectinload("posts"), joinedload(User.city))`.

        Of two options about the same relation the later one counts. Only what gives instances loads anything.

        Raises:
            UnknownColumn: the model has no such relation; names the nearest.
            ProgrammingError: not a load option, an attribute of another model, or a path through what is not loaded.
            ModelError: it cannot be told which columns a relation is about.
        """
        made = self._with(self._criteria)
        made._loading = self._loading.more(options)
        return made

    # --- instances ---------------------------------------------------------------------------------------------------

    async def all(self) -> list[M]:
        """Every row, as instances."""
        criteria = self._criteria
        if self._loading:
            return await read(self._engine, self._plan, criteria, self._loading)
        prepared = reading.instances(self._plan, criteria)
        return (await self._engine.run(prepared.sql, criteria.values, prepared.shape, prepared.kinds)).rows

    async def first(self) -> M | None:
        """The first row, or None. Which one that is without `order_by` is the database's choice."""
        found = await self._some(1)
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
        found = await self._some(2)
        if len(found) > 1:
            msg = f"at most one {self._plan.table.label} was expected, and several rows match; use first() or all() where that may be"
            raise MultipleResultsFound(msg)
        return found[0] if found else None

    async def _some(self, rows: int) -> list[M]:
        criteria = self._criteria.at_most(rows)
        if self._loading:
            return await read(self._engine, self._plan, criteria, self._loading)
        prepared = reading.instances(self._plan, criteria)
        return (await self._engine.run(prepared.sql, criteria.values, prepared.shape, prepared.kinds)).rows

    # --- values ------------------------------------------------------------------------------------------------------

    async def values(self, *columns: str | Expr[Any]) -> list[dict[str, Any]]:
        """The rows as dicts by attribute name; columns by name or expression, all if none is given.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: two columns of one name; `label(...)` gives another.
        """
        return await values.dicts(self._engine, self._plan, self._criteria, columns)

    @overload
    async def values_list(self, *columns: str | Expr[Any], flat: Literal[False] = False) -> list[tuple[Any, ...]]: ...
    @overload
    async def values_list(self, column: Expr[T], /, *, flat: Literal[True]) -> list[T]: ...
    @overload
    async def values_list(self, *columns: str | Expr[Any], flat: bool) -> list[Any]: ...
    async def values_list(self, *columns: str | Expr[Any], flat: bool = False) -> list[Any]:
        """The rows as tuples; with `flat`, the values of the one column asked for.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: `flat` with another number of columns than one.
        """
        form = values.flat if flat else values.tuples
        return await form(self._engine, self._plan, self._criteria, columns)

    # --- numbers -----------------------------------------------------------------------------------------------------

    async def count(self) -> int:
        """How many rows there are."""
        plan, criteria = self._plan, self._criteria
        if criteria.distinct and not plan.table.primary_key:  # the only rows that can repeat
            return len(await self.values_list())
        prepared = reading.count(plan, criteria)
        result = await self._engine.run(prepared.sql, criteria.where_values, prepared.shape, prepared.kinds)
        return reading.counted(result.rows[0], criteria)

    async def exists(self) -> bool:
        """Whether there is at least one row."""
        criteria = self._criteria.at_most(1)
        prepared = reading.first_column(self._plan, criteria)
        result = await self._engine.run(prepared.sql, criteria.values, prepared.shape, prepared.kinds)
        return bool(result.rows)

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
        plan = self._plan
        statement = reading.aggregate(plan, self._criteria, name, column)
        key = (name, statement.shape)
        prepared = plan.statements.get(key) or plan.prepare(key, statement)
        result = await self._engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)
        operand = plan.words.expression(column)
        rows = values.decoded(plan, [operand], result.rows) if name in ("min", "max") else result.rows
        return rows[0][0]

    # --- changes -----------------------------------------------------------------------------------------------------

    async def update(self, /, **values: Any) -> int:
        """Set columns in all these rows to values, or to expressions (`age=User.age + 1`); returns how many rows there were.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
            ProgrammingError: no values at all.
        """
        return await changing.update(self._engine, self._plan, self._criteria, values)

    async def delete(self) -> int:
        """Delete all these rows; returns how many there were. Without conditions that is every row of the table."""
        return await changing.delete(self._engine, self._plan, self._criteria)
