"""The session: instances in, instances out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

from ferrow.abc import async_only
from ferrow.engine.reading import reading
from ferrow.errors import DataError
from ferrow.orm import execute, getting, raw
from ferrow.orm.colour import coloured
from ferrow.orm.fitting import explained
from ferrow.orm.generic import M, R
from ferrow.orm.keeping import AsyncKeeping
from ferrow.orm.loading.load import load
from ferrow.orm.plan import plan_of
from ferrow.orm.query import AsyncQuery
from ferrow.orm.relating import AsyncRelating
from ferrow.orm.transacting import AsyncTransacting

if TYPE_CHECKING:
    from ferrow.abc import Params, World
    from ferrow.engine import AsyncEngine, QueryResult
    from ferrow.orm.colour import AnyEngine
    from ferrow.orm.criteria import Filter
    from ferrow.orm.result import ExecuteResult
    from ferrow.orm.row_result import RowResult
    from ferrow.orm.statements.base import ModelStatement, RowStatement


class AsyncSession(AsyncKeeping, AsyncRelating, AsyncTransacting):
    """Reads and writes instances of models of any style: typed classes, dataclasses, Pydantic models.

        session = AsyncSession(engine)
        user = await session.insert(User(name="Ada"))
        user = await session.get(User, user.id)

    Each call commits by itself; inside `begin()`, `session_context` or `engine.transaction()` it belongs to that
    transaction. Such a session holds no connection, and no instances but those that were added or deleted and wait for
    `commit`; tasks may share one.

    As a block, `async with AsyncSession(engine) as session`, it is a unit of work: it follows the instances that are read and
    added in it, `commit` writes what was changed, and leaving it with unsaved changes is an error. So are the blocks of
    `begin()` and `session_context`, which commit at their end.

    Args:
        engine: what `create_engine` returned, awaited or not.
        autoflush: whether a unit of work writes what is pending before each query.
    """

    __slots__ = ("__weakref__",)

    def __init__(self, engine: AnyEngine, *, autoflush: bool = True, world: World | None = None) -> None:
        self._engine = coloured(engine, world)
        self._autoflush = autoflush
        self._bare = None
        self._loaded = False
        self._dialect = self._engine.dialect

    @property
    @async_only
    def engine(self) -> AsyncEngine:
        """The engine, for what sessions have no method for; its `transaction()` belongs to the one the session is in."""
        return self._engine._real

    # --- reading -----------------------------------------------------------------------------------------------------

    async def get(self, model: type[M], key: Any, *, include_deleted: bool = False) -> M | None:
        """The instance with a primary key, or None; read from the database each time.

        Args:
            model: the class.
            key: the value; for a key of several columns a tuple in their order, or a dict.
            include_deleted: also if it was deleted softly.

        Raises:
            ProgrammingError: another number of values than the key has columns.
            DataError: a value of another type than the key's.
        """
        self._loaded = True
        plan = plan_of(model, self._dialect)
        if not plan.usual:
            self._names(model)
        if plan.table.visible is not None:
            return await getting.get_seen(self._engine, plan, key, include_deleted=include_deleted)
        getter = plan.getter or getting.getter_of(plan)
        values = (key,) if key.__class__ is getter.plain else getter.finder(key)
        try:
            rows: list[M] = (await self._engine.run(getter.sql, values, getter.shape, getter.kinds)).rows
        except DataError as error:
            raise explained(error, getter.finder.columns) from error
        if plan.lines is not None:
            plan.lines.note(self._engine, rows)
        if getter.loading is not None:
            await load(self._engine, plan, rows, getter.loading)
        return rows[0] if rows else None

    async def get_or_raise(self, model: type[M], key: Any, *, include_deleted: bool = False) -> M:
        """The instance with this primary key, which has to be there. Arguments (`model`, `key`, `include_deleted`) as for `get`.

        Raises NoResultFound (a LookupError) if there is no such row, or none that is seen; other errors as `get`.
        """
        found = await self.get(model, key, include_deleted=include_deleted)
        if found is None:
            raise getting.nothing(plan_of(model, self._dialect), key, include_deleted=include_deleted)
        return found

    def query(self, model: type[M]) -> AsyncQuery[M]:
        """A query over the rows of a model: `session.query(User).filter(age__gte=18).all()`.

        Nothing is sent yet. Raises ModelError if it is not a model.
        """
        self._names(model)
        return AsyncQuery(self, model)

    # --- statements --------------------------------------------------------------------------------------------------

    @overload
    async def execute(self, statement: RowStatement[R], timeout: float | None = None) -> RowResult[R]: ...
    @overload
    async def execute(self, statement: ModelStatement[M], timeout: float | None = None) -> ExecuteResult[M]: ...
    async def execute(self, statement: RowStatement[Any] | ModelStatement[Any], timeout: float | None = None) -> Any:
        """Run a statement made by `ferrow.select`, `insert`, `update` or `delete`.

        result = await session.execute(select(User).where(User.age >= 18))
        users = result.scalars().all()                                       # instances; result.all() gives dicts

        result = await session.execute(select(User.name, User.age))
        names = [name for name, age in result]                               # typed tuples

        `timeout`: seconds, as for `engine.run`.

        Raises:
            ProgrammingError: what is no such statement, or cannot be; said before anything is sent.
            DataError: a value that does not fit its column.
        """
        self._loaded = self._loaded or getattr(statement, "model", None) is not None
        return await execute.run(self._engine, statement, timeout)

    async def execute_raw(self, sql: str, params: Params = None, timeout: float | None = None) -> QueryResult:
        """Run one SQL statement as it is written.

            await session.execute_raw("SELECT * FROM users WHERE age > ?", [18])
            await session.execute_raw("SELECT * FROM users WHERE age > :age OR boss = :age", {"age": 18})

        Args:
            sql: the statement. Its placeholders are `?` or `$1`, `$2` with a list, `:name` with a dict, on every database;
                texts, comments, quoted names and casts (`::int`) have none.
            params: the values. Without any the statement is sent as it is.
            timeout: seconds, as for `engine.run`.

        Raises:
            ProgrammingError: wrong SQL, another number of parameters than placeholders, missing or extra names.
        """
        reads, left = await reading(self._engine, sql, params, timeout)
        text, values = raw.native(sql, params, self._dialect, reads)
        return await self._engine.execute(text, values, timeout=left)

    async def bulk_update(
        self, model: type[M], values: Mapping[str, Any], /, *conditions: Filter, **filters: Any
    ) -> int:
        """Set columns in all rows that meet the conditions; returns how many there were.

            await session.bulk_update(User, {"role": "member"}, User.age >= 18, role="guest")

        Args:
            model: the class.
            values: what to set, by attribute: values, or expressions.
            conditions: as for `Query.filter`, and so are `filters`. Without any, every row is changed.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
            NoValues: nothing to set.
        """
        return await self.query(model).filter(*conditions, **filters).update(**values)

    async def bulk_delete(self, model: type[M], /, *conditions: Filter, **filters: Any) -> int:
        """Delete all rows that meet the conditions, or mark them if the model has soft deletion; returns how many there were.

            await session.bulk_delete(User, User.age < 18, role="guest")

        Conditions and errors are those of `bulk_update`; without any, every row goes.
        """
        return await self.query(model).filter(*conditions, **filters).delete()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._engine.url}>"
