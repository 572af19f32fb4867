"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, overload

from ferrow.orm.context import AlsoAsync, AsyncSessionContext
from ferrow.orm.generic import M
from ferrow.orm.query import AsyncQuery
from ferrow.orm.session import AsyncSession
from ferrow.orm.transaction import AsyncSessionTransaction
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Any, Literal, Self

    from ferrow.abc import Params
    from ferrow.driver.isolation import Isolation
    from ferrow.engine import QueryResult
    from ferrow.orm.colour import AnyEngine
    from ferrow.orm.criteria import Filter
    from ferrow.orm.generic import R, T
    from ferrow.orm.result import ExecuteResult
    from ferrow.orm.row_result import RowResult
    from ferrow.orm.statements.base import ModelStatement, RowStatement
    from ferrow.orm.statements.conflict import Names
    from ferrow.sql import Expr, Ordering


# ferrow.orm.session.AsyncSession
class Session:
    """Reads and writes instances of models of any style: typed classes, dataclasses, Pydantic models.

        session = Session(engine)
        user = session.insert(User(name="Ada"))
        user = session.get(User, user.id)

    Each call commits by itself; inside `begin()`, `session_context` or `engine.transaction()` it belongs to that
    transaction. A session holds no connection and no state, so tasks may share one, and an error leaves nothing behind in it.

    Args:
        engine: what `create_engine` returned, awaited or not.
    """

    __slots__ = ("_core", "__weakref__")
    _core: AsyncSession

    @classmethod
    def _of(cls, core: AsyncSession) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: AnyEngine) -> None:
        self._core = AsyncSession(engine, world=BLOCKING)

    def insert(self, instance: M) -> M:
        """Insert one instance and return it, with its generated key and server defaults filled in.

        Raises:
            UniqueViolation: or another IntegrityError of the database.
            DataError: a value that does not fit its column.
        """
        return drive(self._core.insert(instance))

    def insert_all(self, instances: Iterable[M]) -> list[M]:
        """Insert many instances, all or none, and return them in their order, with what the server generated.

        They may be of several models; each model's rows are sent after those it refers to. Raises as `insert`.
        """
        return drive(self._core.insert_all(instances))

    def update(self, instance: M, /, **values: Any) -> M:
        """Set attributes of an instance and write them to its row; without values, write all columns but the key.

        A value may be an expression (`visits=User.visits + 1`); the attribute then gets what the database computed. If
        anything goes wrong the instance is left as it was.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        return drive(self._core.update(instance, **values))

    def remove(self, instance: object) -> None:
        """Delete the row of an instance.

        Raises:
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        drive(self._core.remove(instance))

    def get(self, model: type[M], key: Any) -> M | None:
        """The instance with a primary key, or None; read from the database each time.

        Args:
            model: the class.
            key: the value; for a key of several columns a tuple in their order, or a dict.

        Raises:
            ProgrammingError: another number of values than the key has columns.
            DataError: a value of another type than the key's.
        """
        return drive(self._core.get(model, key))

    def get_or_raise(self, model: type[M], key: Any) -> M:
        """`get`, with NoResultFound (a LookupError) instead of None."""
        return drive(self._core.get_or_raise(model, key))

    def query(self, model: type[M]) -> Query[M]:
        """A query over the rows of a model: `session.query(User).filter(age__gte=18).all()`.

        Nothing is sent yet. Raises ModelError if it is not a model.
        """
        return Query._of(self._core.query(model))

    @overload
    def execute(self, statement: RowStatement[R], timeout: float | None = None) -> RowResult[R]: ...

    @overload
    def execute(self, statement: ModelStatement[M], timeout: float | None = None) -> ExecuteResult[M]: ...

    def execute(self, statement: RowStatement[Any] | ModelStatement[Any], timeout: float | None = None) -> Any:
        """Run a statement made by `ferrow.select`, `insert`, `update` or `delete`.

        result = session.execute(select(User).where(User.age >= 18))
        users = result.scalars().all()                                       # instances; result.all() gives dicts

        result = session.execute(select(User.name, User.age))
        names = [name for name, age in result]                               # typed tuples

        `timeout`: seconds, as for `engine.run`.

        Raises:
            ProgrammingError: what is no such statement, or cannot be; said before anything is sent.
            DataError: a value that does not fit its column.
        """
        return drive(self._core.execute(statement, timeout))

    def execute_raw(self, sql: str, params: Params = None, timeout: float | None = None) -> QueryResult:
        """Run one SQL statement as it is written.

            session.execute_raw("SELECT * FROM users WHERE age > ?", [18])
            session.execute_raw("SELECT * FROM users WHERE age > :age OR boss = :age", {"age": 18})

        Args:
            sql: the statement. Its placeholders are `?` or `$1`, `$2` with a list, `:name` with a dict, on every database;
                texts, comments, quoted names and casts (`::int`) have none.
            params: the values. Without any the statement is sent as it is.
            timeout: seconds, as for `engine.run`.

        Raises:
            ProgrammingError: wrong SQL, another number of parameters than placeholders, missing or extra names.
        """
        return drive(self._core.execute_raw(sql, params, timeout))

    def upsert(
        self, instance: M, conflict_target: Names, update_fields: Sequence[str] | None = None, do_nothing: bool = False
    ) -> M:
        """Insert an instance, or change the row that is there already; return it as its row is now.

            user = session.upsert(User(email="ada@example.com", name="Ada"), "email")

        Args:
            instance: what to insert. All of its attributes are filled from the row.
            conflict_target: the column or columns, which have a unique constraint, by which a row is recognised.
            update_fields: what to change in a row that is there. None or empty: what the instance was given, except target and
                primary key. What it leaves at its default (or None) is never written over, and neither are columns whose default
                is a function: name them here to do so. Pydantic models know exactly what they were given.
            do_nothing: leave a row that is there as it is.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: the target has no unique constraint; `update_fields` with `do_nothing`.
            IntegrityError: another constraint is in the way.
        """
        return drive(self._core.upsert(instance, conflict_target, update_fields, do_nothing))

    def upsert_all(
        self,
        instances: Iterable[M],
        conflict_target: Names,
        update_fields: Sequence[str] | None = None,
        do_nothing: bool = False,
    ) -> list[M]:
        """`upsert` for many instances, all or none; returns them in their order. Arguments and errors as for `upsert`.

        Instances that were given the same attributes are sent by one statement, each of them changes only its own.
        """
        return drive(self._core.upsert_all(instances, conflict_target, update_fields, do_nothing))

    def bulk_update(self, model: type[M], values: Mapping[str, Any], /, *conditions: Filter, **filters: Any) -> int:
        """Set columns in all rows that meet the conditions; returns how many there were.

            session.bulk_update(User, {"role": "member"}, User.age >= 18, role="guest")

        Args:
            model: the class.
            values: what to set, by attribute: values, or expressions.
            conditions: as for `Query.filter`, and so are `filters`. Without any, every row is changed.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
            NoValues: nothing to set.
        """
        return drive(self._core.bulk_update(model, values, *conditions, **filters))

    def begin(self, *, isolation: Isolation | None = None, readonly: bool = False) -> SessionTransaction:
        """A transaction for a block: `with session.begin() as tx`. Committed at its end, rolled back on an exception.

        `tx.add(instance)`, `tx.add_all(instances)` and `tx.delete(instance)` are collected and sent together at the end of the
        block or by `tx.flush()`; queries before that do not see them. Every call inside the block, of this or any
        session of the engine, belongs to the transaction. A block inside a block is a savepoint.

        Args:
            isolation: as for `engine.transaction`; only for the outermost block.
            readonly: refuse writes. On SQLite it also waits for no other writer.
        """
        return SessionTransaction._of(self._core.begin(isolation=isolation, readonly=readonly))

    def close(self) -> None:
        """End the use of the session. It holds nothing, so nothing happens; the engine stays open."""
        drive(self._core.close())

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.orm.query.AsyncQuery
class Query(Generic[M]):
    """Rows of one model: say which, then ask for them. Made by `session.query(User)`.

        session.query(User).filter(age__gte=18, name__startswith="A").order_by("-age").limit(10).all()

    A query never changes; each method returns another one, so a query can be kept and built upon. Nothing is sent before one
    of the awaited methods asks for it, and names the model does not have are errors before that. Everything that is asked
    for respects conditions, order, limit, offset and distinct.
    """

    __slots__ = ("_core",)
    _core: AsyncQuery[M]

    @classmethod
    def _of(cls, core: AsyncQuery[M]) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, session: Session, model: type[M]) -> None:
        self._core = AsyncQuery(session._core, model)

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)

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
        core = self._core.filter(*conditions, **keywords)
        return self if core is self._core else self._of(core)

    def filter_by(self, /, **values: Any) -> Self:
        """Keep the rows that have these values; keywords are names of columns and nothing else. Raises UnknownColumn."""
        core = self._core.filter_by(**values)
        return self if core is self._core else self._of(core)

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort, after the terms given before: `order_by("-created", User.name)`.

        Args:
            terms: names of columns, with `-` for the largest first, or expressions (`User.name.desc().nulls_last()`).
            desc: largest first for the terms that do not say it themselves.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            ProgrammingError: its values have no order (JSON).
        """
        core = self._core.order_by(*terms, desc=desc)
        return self if core is self._core else self._of(core)

    def limit(self, rows: int | None) -> Self:
        """At most so many rows; None for all. Raises TypeError or ValueError for anything but a number from 0 on."""
        core = self._core.limit(rows)
        return self if core is self._core else self._of(core)

    def offset(self, rows: int | None) -> Self:
        """Skip the first so many rows. Raises TypeError or ValueError for anything but a number from 0 on."""
        core = self._core.offset(rows)
        return self if core is self._core else self._of(core)

    def distinct(self) -> Self:
        """Drop repeated result rows. Of use with `values` and `values_list`: rows with a primary key never repeat."""
        core = self._core.distinct()
        return self if core is self._core else self._of(core)

    def all(self) -> list[M]:
        """Every row, as instances."""
        return drive(self._core.all())

    def first(self) -> M | None:
        """The first row, or None. Which one that is without `order_by` is the database's choice."""
        return drive(self._core.first())

    def one(self) -> M:
        """The only row.

        Raises:
            NoResultFound: there is none.
            MultipleResultsFound: there are several.
        """
        return drive(self._core.one())

    def one_or_none(self) -> M | None:
        """The only row, or None if there is none. Raises MultipleResultsFound if there are several."""
        return drive(self._core.one_or_none())

    def values(self, *columns: str | Expr[Any]) -> list[dict[str, Any]]:
        """The rows as dicts by attribute name; columns by name or expression, all if none is given.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: two columns of one name; `label(...)` gives another.
        """
        return drive(self._core.values(*columns))

    @overload
    def values_list(self, *columns: str | Expr[Any], flat: Literal[False] = False) -> list[tuple[Any, ...]]: ...

    @overload
    def values_list(self, column: Expr[T], /, *, flat: Literal[True]) -> list[T]: ...

    @overload
    def values_list(self, *columns: str | Expr[Any], flat: bool) -> list[Any]: ...

    def values_list(self, *columns: str | Expr[Any], flat: bool = False) -> list[Any]:
        """The rows as tuples; with `flat`, the values of the one column asked for.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: `flat` with another number of columns than one.
        """
        return drive(self._core.values_list(*columns, flat=flat))

    def count(self) -> int:
        """How many rows there are."""
        return drive(self._core.count())

    def exists(self) -> bool:
        """Whether there is at least one row."""
        return drive(self._core.exists())

    @overload
    def sum(self, column: Expr[T]) -> T | None: ...

    @overload
    def sum(self, column: str) -> Any: ...

    def sum(self, column: str | Expr[Any]) -> Any:
        """The sum of a column, exact for Decimals; None without values. Raises UnknownColumn, ProgrammingError if not numbers."""
        return drive(self._core.sum(column))

    @overload
    def avg(self, column: Expr[Any]) -> Any: ...

    @overload
    def avg(self, column: str) -> Any: ...

    def avg(self, column: str | Expr[Any]) -> Any:
        """The mean of a column: a Decimal for Decimals, else a float; None without values. Raises as `sum`."""
        return drive(self._core.avg(column))

    @overload
    def min(self, column: Expr[T]) -> T | None: ...

    @overload
    def min(self, column: str) -> Any: ...

    def min(self, column: str | Expr[Any]) -> Any:
        """The smallest value of a column; None without values. Raises UnknownColumn, ProgrammingError for JSON."""
        return drive(self._core.min(column))

    @overload
    def max(self, column: Expr[T]) -> T | None: ...

    @overload
    def max(self, column: str) -> Any: ...

    def max(self, column: str | Expr[Any]) -> Any:
        """The largest value of a column; None without values. Raises UnknownColumn, ProgrammingError for JSON."""
        return drive(self._core.max(column))

    def update(self, /, **values: Any) -> int:
        """Set columns in all these rows to values, or to expressions (`age=User.age + 1`); returns how many rows there were.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
            ProgrammingError: no values at all.
        """
        return drive(self._core.update(**values))

    def delete(self) -> int:
        """Delete all these rows; returns how many there were. Without conditions that is every row of the table."""
        return drive(self._core.delete())


# ferrow.orm.transaction.AsyncSessionTransaction
class SessionTransaction:
    """A transaction of a session, made by `session.begin()`. What is added and deleted waits for the end of the block, or `flush`."""

    __slots__ = ("_core",)
    _core: AsyncSessionTransaction

    @classmethod
    def _of(cls, core: AsyncSessionTransaction) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, session: Session, *, isolation: Isolation | None = None, readonly: bool = False) -> None:
        self._core = AsyncSessionTransaction(session._core, isolation=isolation, readonly=readonly)

    def add(self, instance: object) -> Self:
        """Insert this instance later; its key is set then. Raises ModelError if it is not an instance of a model."""
        core = self._core.add(instance)
        return self if core is self._core else self._of(core)

    def add_all(self, instances: Iterable[object]) -> Self:
        """Insert these instances later, rows that refer to others after those."""
        core = self._core.add_all(instances)
        return self if core is self._core else self._of(core)

    def delete(self, instance: object) -> Self:
        """Delete the row of this instance later; one that was only added here is forgotten.

        The flush raises NoResultFound if there is no such row.
        """
        core = self._core.delete(instance)
        return self if core is self._core else self._of(core)

    def flush(self) -> None:
        """Send now what was added and deleted: first all inserts, then all deletes.

        After an error nothing of it is tried again; let the error leave the block, which rolls everything back.
        """
        drive(self._core.flush())

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.orm.context.AsyncSessionContext
class SessionContext(AlsoAsync):
    """A session for a block; what it does is committed at the end, and rolled back if an exception leaves the block."""

    __slots__ = ("_core",)
    _core: AsyncSessionContext

    @classmethod
    def _of(cls, core: AsyncSessionContext) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: AnyEngine) -> None:
        self._core = AsyncSessionContext(engine, world=BLOCKING)

    def __enter__(self) -> Session:
        return Session._of(drive(self._core.__aenter__()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))
