"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

# pyright: reportIncompatibleVariableOverride=false
from __future__ import annotations

from typing import TYPE_CHECKING, overload

from ferrow.crud.connections import AsyncConnections
from ferrow.crud.functions import AsyncFunctions
from ferrow.crud.raw_pool import AsyncRawConnection, AsyncRawPool, AsyncRawScope
from ferrow.driver._sync import Connection, Cursor, Transaction
from ferrow.engine._sync import Engine, TransactionScope
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Any, Literal, Self

    from ferrow._core import Row
    from ferrow.abc import Params
    from ferrow.crud.filters import Terms, Where
    from ferrow.crud.statements import AsyncStatementFunctions
    from ferrow.driver.cursor import Parameters
    from ferrow.driver.isolation import Isolation
    from ferrow.driver.rows import RowShape
    from ferrow.orm.colour import AnyEngine
    from ferrow.orm.generic import M
    from ferrow.orm.slice import Slice
    from ferrow.orm.statements.conflict import Names


# ferrow.crud.connections.AsyncConnections
class Connections:
    """One database and its pool. `ConnectionManager` is the one whose database the functions of this package talk to.

        ConnectionManager.initialize(dsn="postgresql://user:password@localhost/app", max_size=20)
        ...
        ConnectionManager.close()

    For further databases make further ones, and functions that talk to them: `Functions(Connections())`.
    """

    __slots__ = ("_core",)
    _core: AsyncConnections

    @classmethod
    def _of(cls, core: AsyncConnections) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self) -> None:
        self._core = AsyncConnections(world=BLOCKING)

    def initialize(self, dsn: str, **options: Any) -> None:
        """Connect to a database, once, when the program starts. If that fails nothing is left behind, and it can be tried again.

        A second call for the same database does nothing.

        Args:
            dsn: a URL or a DSN of libpq, as for `create_engine`.
            options: those of `create_engine`: `min_size`, `max_size`, `max_idle`, `max_lifetime`, ...; and those of psycopg_pool
                where there is something like it: `timeout` is `acquire_timeout`, `kwargs` are connection options.

        Raises:
            AlreadyInitialized: a RuntimeError: there is another database already, or the options differ.
            NotInitialized: a RuntimeError: `close` was called meanwhile.
            InterfaceError: an option there is nothing like, with what to do instead; a malformed DSN.
            OperationalError: the database cannot be reached, or refuses the login.
        """
        drive(self._core.initialize(dsn, **options))

    def use(self, engine: AnyEngine) -> None:
        """Talk through an engine that the program has already, which then is what sessions and repositories share with the functions.

        `close` forgets it and leaves it open: who made it closes it.

        Args:
            engine: what `create_engine` returned, awaited or not.

        Raises:
            AlreadyInitialized: there is another database already.
            InterfaceError: not an engine.
        """
        self._core.use(engine)

    def close(self) -> None:
        """Close the pool and forget the database. Doing it again is fine. Raises nothing."""
        drive(self._core.close())

    @property
    def initialized(self) -> bool:
        """Whether there is a database."""
        return self._core.initialized

    @property
    def engine(self) -> Engine:
        """The engine, for everything that is not in this package: sessions, `create_all`. Raises NotInitialized."""
        return Engine._of(self._core.engine)

    def get_pool(self) -> RawPool:
        """The way to raw SQL: `with ConnectionManager.get_pool().connection() as conn`.

        Raises:
            NotInitialized: a RuntimeError: there is no database yet.
        """
        return RawPool._of(self._core.get_pool())

    def transaction(self, *, isolation: Isolation | None = None, readonly: bool = False) -> TransactionScope:
        """Group calls: `with ConnectionManager.transaction()`. Committed at the end, rolled back on an exception.

        All functions called inside belong to it, and so does everything else that goes through the engine. A block inside a block
        is a savepoint.

        Args:
            isolation: as for `engine.transaction`; None is the server's default.
            readonly: refuse writes.

        Raises:
            NotInitialized: a RuntimeError: there is no database yet.
        """
        return TransactionScope._of(self._core.transaction(isolation=isolation, readonly=readonly))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.crud.raw_pool.AsyncRawPool
class RawPool:
    """The pool of a `ConnectionManager`; made by `get_pool()`."""

    __slots__ = ("_core",)
    _core: AsyncRawPool

    @classmethod
    def _of(cls, core: AsyncRawPool) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: Engine) -> None:
        self._core = AsyncRawPool(engine._core)

    def connection(self) -> RawScope:
        """A connection for a block, at whose end what it did is committed; an exception rolls it back.

        with pool.connection() as conn:
            with conn.cursor() as cur:
                cur.execute("SELECT * FROM users WHERE age > %s", [18])
                rows = cur.fetchall()

        Inside a transaction it is that transaction's, and its end is that of the transaction. The block raises what its
        statements raise, PoolTimeout if no connection became free, and CommitUnknown as `engine.transaction`.
        """
        return RawScope._of(self._core.connection())

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.crud.raw_pool.AsyncRawScope
class RawScope:
    """The block of a connection: what its cursors did is committed at its end, or undone."""

    __slots__ = ("_core",)
    _core: AsyncRawScope

    @classmethod
    def _of(cls, core: AsyncRawScope) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, engine: Engine) -> None:
        self._core = AsyncRawScope(engine._core)

    def __enter__(self) -> RawConnection:
        return RawConnection._of(drive(self._core.__aenter__()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.crud.raw_pool.AsyncRawConnection
class RawConnection:
    """A lent connection as psycopg's users know one. `native` is Ferrow's own, with all that one can do."""

    __slots__ = ("_core",)
    _core: AsyncRawConnection

    @classmethod
    def _of(cls, core: AsyncRawConnection) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, connection: Connection) -> None:
        self._core = AsyncRawConnection(connection._core)

    @property
    def native(self) -> Connection:
        """The connection itself: COPY, notifications, pipelines, streams."""
        return Connection._of(self._core.native)

    @overload
    def cursor(self, *, rows: Literal["tuple"] = "tuple") -> Cursor[tuple[Any, ...]]: ...

    @overload
    def cursor(self, *, rows: Literal["row"]) -> Cursor[Row]: ...

    @overload
    def cursor(self, *, rows: Literal["dict"]) -> Cursor[dict[str, Any]]: ...

    @overload
    def cursor(self, *, rows: RowShape) -> Cursor: ...

    def cursor(self, *, rows: RowShape = "tuple") -> Cursor:
        """A cursor, whose placeholders are `%s` or `%(name)s`, or the database's own.

        `rows`: what rows become, "tuple", "row" (by position and by name) or "dict".
        """
        return Cursor._of(self._core.cursor(rows=rows))

    def execute(self, sql: str, params: Parameters = None) -> Cursor[tuple[Any, ...]]:
        """Run one statement by a new cursor and return that: `(conn.execute("SELECT 1")).fetchone()`.

        `params`: the values, in a list, or a dict where the placeholders have names. Raises as `Cursor.execute`.
        """
        return Cursor._of(drive(self._core.execute(sql, params)))

    def commit(self) -> None:
        """Make permanent what was done so far; the block goes on. Raises ProgrammingError inside `transaction()`."""
        drive(self._core.commit())

    def rollback(self) -> None:
        """Undo what was done since the last commit; the block goes on. Raises ProgrammingError inside `transaction()`."""
        drive(self._core.rollback())

    def transaction(self) -> Transaction:
        """A transaction for a block; inside another one, a savepoint."""
        return Transaction._of(self._core.transaction())

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.crud.statements.AsyncStatementFunctions
class StatementFunctions:
    """The half of the functions that is not about one model."""

    __slots__ = ("_core",)
    _core: AsyncStatementFunctions

    @classmethod
    def _of(cls, core: AsyncStatementFunctions) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    @overload
    def select_raw(self, query: str, params: Params = None, model_class: None = None) -> list[dict[str, Any]]: ...

    @overload
    def select_raw(self, query: str, params: Params = None, *, model_class: type[M]) -> list[M]: ...

    @overload
    def select_raw(self, query: str, params: Params, model_class: type[M]) -> list[M]: ...

    def select_raw(self, query: str, params: Params = None, model_class: type[Any] | None = None) -> list[Any]:
        """The rows of an SQL statement: `select_raw("SELECT * FROM users WHERE age > %s", [18])`.

        Args:
            query: the statement, with `%s`, or `%(name)s` and a dict; or with the database's own placeholders. `%%` is a percent
                sign where there are parameters. Also what `SQLBuilder` made.
            params: the values.
            model_class: rows become instances of it, found by the names of the columns; without it, dicts.

        Raises:
            ProgrammingError: wrong SQL, another number of parameters than placeholders, a statement without rows, a column that the
                model does not have.
            DataError: a value of another type than its field's.
        """
        return drive(self._core.select_raw(query, params, model_class))

    def execute_raw(self, query: str, params: Params = None) -> int:
        """Run an SQL statement; returns how many rows it affected. Arguments and errors as for `select_raw`."""
        return drive(self._core.execute_raw(query, params))

    @overload
    def paginate_raw(
        self, model_class: None, count_query: str, query: str, page: int, page_size: int, params: Params = None
    ) -> tuple[list[dict[str, Any]], int]: ...

    @overload
    def paginate_raw(
        self, model_class: type[M], count_query: str, query: str, page: int, page_size: int, params: Params = None
    ) -> tuple[list[M], int]: ...

    def paginate_raw(
        self,
        model_class: type[Any] | None,
        count_query: str,
        query: str,
        page: int,
        page_size: int,
        params: Params = None,
    ) -> tuple[list[Any], int]:
        """A page of an SQL statement, and how many rows another one counts, as of one moment.

        Args:
            model_class: rows become instances of it; None for dicts.
            count_query: a statement whose row has the number, in a column `total` or in its only one.
            query: the statement, without LIMIT; give it an ORDER BY.
            page: the number of the page, from 1 on.
            page_size: rows on a page, from 0 on.
            params: the values, for both statements.

        Raises:
            TypeError, ValueError: `page` or `page_size` is no such number.
            ProgrammingError, DataError: as `select_raw`.
        """
        return drive(self._core.paginate_raw(model_class, count_query, query, page, page_size, params))

    def transaction(self, *, isolation: Isolation | None = None, readonly: bool = False) -> TransactionScope:
        """Group calls: as `ConnectionManager.transaction`, with its arguments, `isolation` and `readonly`, and its errors."""
        return TransactionScope._of(self._core.transaction(isolation=isolation, readonly=readonly))


# ferrow.crud.functions.AsyncFunctions
class Functions(StatementFunctions):
    """The functions of this package for one database; those of the package itself are these of the `ConnectionManager`.

        reports = Functions(create_engine("postgresql://reader@reports/db"))
        rows = reports.select_all(Sale, region="north")

    Models are of any style: `BaseModel` of this package, other Pydantic models, dataclasses, typed classes. Outside a transaction each
    call is one statement that commits by itself; inside `transaction()`, of this or any other face of the engine, it belongs to that.

    Filters, where a function takes them, are keywords or `where`, never both. Keywords are fields: a value, None for NULL, a list for "one
    of these", or `field__operator` as in `Query.filter` (`age__gte=18`). `where` is an instance of `Partial(Model)` or of the
    model (of which what was given counts), `Q(...)`, an expression, several of them, or a dict of what could be keywords. A field that is
    called as an argument is reached by `where`, or with an operator: `limit__eq=5`.

    Args:
        source: an engine, awaited or not, or an `Connections`.
    """

    __slots__ = ()
    _core: AsyncFunctions

    def __init__(self, source: AnyEngine | Connections) -> None:
        self._core = AsyncFunctions(source._core if isinstance(source, Connections) else source, world=BLOCKING)

    def insert(self, model: M) -> M:
        """Insert a row and return it as a new instance, with all that the database made: keys, defaults, what triggers changed.

        Fields that were not given and are None are left to the database, so its defaults apply. `model` is not changed. An
        instance that brings related ones along is inserted with them as a session does it: it is filled, and itself returned.

        Args:
            model: an instance of a model.

        Raises:
            UniqueViolation: or another IntegrityError of the database.
            DataError: a value that does not fit its column.
            InsertFailed: a RuntimeError: the database gave no row back.
        """
        return drive(self._core.insert(model))

    def insert_many(self, models: Iterable[M]) -> list[M]:
        """Insert many rows, all or none, and return them in their order, as `insert`.

        They may be of several models. Those of one model that were given the same fields go in one batch. Raises as `insert`.

        `models`: the instances.
        """
        return drive(self._core.insert_many(models))

    def upsert(
        self,
        model: M,
        conflict_target: Names | None = None,
        update_fields: Names | None = None,
        do_nothing: bool = False,
    ) -> M:
        """Insert a row, or change the one that is there already; return it as it is then, as a new instance.

        upsert(User(email="ada@example.com", name="Ada"), "email")

        Args:
            model: an instance of a model.
            conflict_target: the field or fields, which have a unique constraint, by which a row is recognised; default: the
                primary key.
            update_fields: what to change in a row that is there; default: all that was given but target and primary key.
            do_nothing: leave a row that is there as it is.

        Raises:
            UnknownColumn: no such field.
            ProgrammingError: the target has no unique constraint; `update_fields` with `do_nothing`.
            IntegrityError: another constraint is in the way.
        """
        return drive(self._core.upsert(model, conflict_target, update_fields, do_nothing))

    def update(self, model: M, *, fields: Names | None = None) -> M:
        """Write an instance to its row and return that as a new instance.

        What was given is written: of a `Partial` the fields it has; of a Pydantic model those that were given, and if these functions read it
        (100 instances at most by one call), those that were assigned since then, and what may have been changed inside (dicts, lists,
        nested models); of other classes all but the key. An instance of another database, or with another key than was read, is written
        whole, and what a transaction wrote that was rolled back counts as assigned. It can also be said:

            update(PartialUser(id=1, email="new@example.com"))
            update(user, fields=["email"])

        Args:
            model: an instance whose primary key says which row; of models with a version, as it was read.
            fields: the fields to write.

        Raises:
            UpdateFailed: a RuntimeError and a NoResultFound: no such row, or the primary key is None.
            StaleRow: the row has another version than the instance.
            UnknownField: an AttributeError: `fields` names none of the model's.
            DataError: a value that does not fit its column.
            IntegrityError: a constraint is in the way.
        """
        return drive(self._core.update(model, fields=fields))

    def delete(self, model: object) -> bool:
        """Delete the row of an instance, of which only the primary key is looked at; return whether there was one.

            delete(user)
            delete(Partial(User)(id=1))

        A row of a model with soft deletion is marked as deleted.

        Args:
            model: an instance of a model or of its `Partial`.

        Raises:
            ProgrammingError: a partial instance that was given no primary key.
            StaleRow: the model has a version, and the row another one than the instance.
            ForeignKeyViolation: other rows refer to it.
        """
        return drive(self._core.delete(model))

    def select_one(self, model_class: type[M], where: Where[M] = None, **filters: Any) -> M | None:
        """The first row that is found, or None: `select_one(User, email="ada@example.com")`.

        Args:
            model_class: the model.
            where: which rows, in another way than by keywords; see the class.
            filters: which rows, by fields.

        Raises:
            FilterConflict: a ValueError: both were given.
            UnknownField: an AttributeError: the model has no such field.
            WrongModel: a TypeError: `where` is an instance of another model.
            DataError: a value of another type than the field's.
        """
        return drive(self._core.select_one(model_class, where, **filters))

    def select_all(
        self,
        model_class: type[M],
        where: Where[M] = None,
        limit: int | None = None,
        order_by: Terms = None,
        **filters: Any,
    ) -> list[M]:
        """Every row that is found: `select_all(User, is_active=True, role=["admin", "editor"], order_by="-created_at")`.

        Args:
            model_class: the model.
            where: which rows, in another way than by keywords; see the class.
            limit: how many at most; 0 gives none.
            order_by: a field, or several; `-` before it sorts the largest first. Default: the primary key.
            filters: which rows, by fields.

        Raises:
            TypeError, ValueError: `limit` is no number from 0 on.
            FilterConflict, UnknownField, WrongModel, DataError: as `select_one`.
        """
        return drive(self._core.select_all(model_class, where, limit, order_by, **filters))

    def paginate(
        self,
        model_class: type[M],
        page: int,
        page_size: int,
        where: Where[M] = None,
        order_by: Terms = None,
        **filters: Any,
    ) -> tuple[list[M], int]:
        """A page, and how many rows there are in all, as of one moment: `users, total = paginate(User, 2, 10, is_active=True)`.

        Args:
            model_class: the model.
            page: its number, from 1 on; one beyond the last is empty.
            page_size: rows on a page; 0 only counts.
            where: which rows, in another way than by keywords; see the class.
            order_by: as for `select_all`; rows it does not tell apart come by primary key.
            filters: which rows, by fields.

        Raises:
            TypeError, ValueError: `page` is no number from 1 on, or `page_size` none from 0 on.
            FilterConflict, UnknownField, WrongModel, DataError: as `select_one`.
        """
        return drive(self._core.paginate(model_class, page, page_size, where, order_by, **filters))

    def paginate_keyset(
        self,
        model_class: type[M],
        cursor: str | None = None,
        page_size: int = 20,
        where: Where[M] = None,
        order_by: Terms = None,
        secret: str | bytes | None = None,
        **filters: Any,
    ) -> Slice[M]:
        """The rows behind a cursor, which cost the same however far in they are, and which rows that come and go do not move.

            users = paginate_keyset(User, page_size=50, order_by="-created_at")
            more = paginate_keyset(User, users.next, page_size=50, order_by="-created_at")

        Args:
            model_class: the model.
            cursor: `next` or `previous` of a slice; None for the first rows.
            page_size: rows at most.
            where: which rows, in another way than by keywords; see the class.
            order_by: as for `select_all`.
            secret: as for `Query.after`: with it nobody can make up a cursor.
            filters: which rows, by fields.

        Raises:
            InvalidCursor: the cursor of other filters or another order, or one that was changed.
            TypeError, ValueError: `page_size` is no number from 1 on.
            ModelError: the model has no primary key.
            FilterConflict, UnknownField, WrongModel, DataError: as `select_one`.
        """
        return drive(self._core.paginate_keyset(model_class, cursor, page_size, where, order_by, secret, **filters))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)
