"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

# pyright: reportIncompatibleVariableOverride=false
from __future__ import annotations

from typing import TYPE_CHECKING, Generic, overload

from ferrow.engine._sync import Engine, TransactionScope
from ferrow.orm._sync import Query
from ferrow.orm.generic import M
from ferrow.repository.database import AsyncDatabase, OnlySync
from ferrow.repository.finding_sync import FastPath
from ferrow.repository.hub import AsyncUnifiedRepository
from ferrow.repository.hub_finding import AsyncHubFinding
from ferrow.repository.hub_sync import Beginning, Handing
from ferrow.repository.registering import AsyncRegistering
from ferrow.repository.replacing import Replaceable
from ferrow.repository.repository import AsyncRepository
from ferrow.repository.routing import NOTHING
from ferrow.repository.session import AsyncSession
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Any, Self

    from ferrow.engine.ensure import Conflict
    from ferrow.repository.conditions import OrderInput, WhereInput
    from ferrow.repository.dialect import Dialect
    from ferrow.repository.finding import AsyncFinding
    from ferrow.repository.metadata import ModelMetadata
    from ferrow.repository.registry import Registry
    from ferrow.repository.related import RelatedResult
    from ferrow.repository.rows import Rows
    from ferrow.repository.statement import ResultCursor
    from ferrow.repository.storing import AsyncStoring


# ferrow.repository.database.AsyncDatabase
class Database(OnlySync):
    """One database, as repositories and sessions use it.

        db = Database(psycopg.Connection.connect(dsn), PostgresDialect())
        db = Database(create_engine("postgresql://localhost/app"))

    Every call commits by itself, unless it is inside `transaction()`, or the program has begun a transaction on the given
    connection by hand: then it is a part of that. Tasks may share one: over a single connection they wait for each other, and
    are never in each other's transactions. A connection that blocks is used in a thread of its own.

    Args:
        source: an engine of `create_engine`, or its URL; a connection of a DB-API 2.0 driver (sqlite3, psycopg, psycopg2,
            pg8000, PyMySQL, mysqlclient, Ferrow's own, or of another whose dialect is given) or of its asyncio counterpart
            (psycopg, aiosqlite, aiomysql); or a `PoolConnector`, of which each call takes a connection and gives it back.
        dialect: what the connection is to. Not needed for engines and the drivers named.
        acquire_timeout: seconds for which a call waits for a connection that others are using; None is the engine's, or 30.

    Raises:
        InterfaceError: what is given is none of these, or the dialect cannot be told from it.
    """

    __slots__ = ("_core", "__weakref__")
    _core: AsyncDatabase

    @classmethod
    def _of(cls, core: AsyncDatabase) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    @property
    def dialect(self) -> Dialect:
        """How the database is spoken to in raw SQL."""
        return self._core.dialect

    def __init__(self, source: Any, dialect: Dialect | None = None, *, acquire_timeout: float | None = None) -> None:
        self._core = AsyncDatabase(source, dialect, acquire_timeout=acquire_timeout, world=BLOCKING)

    @property
    def engine(self) -> Engine:
        """The engine that does the work: sessions, queries and units of Ferrow take it. Raises DatabaseClosed after `close`."""
        return Engine._of(self._core.engine)

    @property
    def conn(self) -> Any:
        """The connection, or pool, that was given; None over an engine. Raises DatabaseClosed after `close`."""
        return self._core.conn

    def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> ResultCursor:
        """Run one statement. Outside a transaction it is committed.

        Args:
            sql: one statement. Its placeholders are those of the dialect's `paramstyle`, or any other of PEP 249.
            params: a sequence for placeholders by position, a mapping for those by name.

        Returns:
            What it gave back: `rowcount`, `lastrowid`, and its rows by `fetchone()`, `fetchall()` and iteration.

        Raises:
            DatabaseError: or one of its kind: what the database reported, with the driver's own error as `__cause__`.
            DatabaseClosed: after `close`.
        """
        return drive(self._core.execute(sql, params))

    def fetchone(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """The first row of a query by the names of its columns, or None. Arguments and errors as for `execute`."""
        return drive(self._core.fetchone(sql, params))

    def fetchall(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a query by the names of their columns. Arguments and errors as for `execute`."""
        return drive(self._core.fetchall(sql, params))

    def transaction(self) -> TransactionScope:
        """A transaction: `with db.transaction()`. Committed at the end, rolled back on any exception.

        Everything that goes through this database inside the block is part of it; a block inside it is a savepoint.
        """
        return TransactionScope._of(self._core.transaction())

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._core.closed

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.repository.registering.AsyncRegistering
class Registering(Replaceable, Generic[M]):
    """The model of a repository, and how it is registered."""

    __slots__ = ("_core", "__weakref__")
    _core: AsyncRegistering[M]

    @classmethod
    def _of(cls, core: AsyncRegistering[M]) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(
        self,
        db: Any,
        model: type[M],
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
        registry: Registry | None = None,
    ) -> None:
        self._core = AsyncRegistering(
            db,
            model,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            registry=registry,
            world=BLOCKING,
        )

    @property
    def db(self) -> Any:
        """The database or engine it was made with."""
        return self._core.db

    @property
    def model(self) -> type[M]:
        """The class."""
        return self._core.model

    @property
    def d(self) -> Dialect:
        """How the database is spoken to in raw SQL."""
        return self._core.d

    @property
    def meta(self) -> ModelMetadata:
        """Table, columns and key of the model."""
        return self._core.meta

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)

    def register(self, *, ensure: bool | None = None) -> None:
        """Say that the model is in use, which `require_registration` waits for.

        Args:
            ensure: True creates or completes the table now; False leaves it alone from now on, also with `auto_schema`; None does as
                `auto_schema` says.

        Raises:
            ValueError: the table cannot be completed (see `ensure_schema`).
        """
        drive(self._core.register(ensure=ensure))

    def register_many(self, *, ensure: bool | None = None) -> None:
        """The same as `register`, with its `ensure`, for the one model there is."""
        drive(self._core.register_many(ensure=ensure))

    def is_registered(self) -> bool:
        """Whether the model was registered, by `register` or by being used."""
        return self._core.is_registered()


# ferrow.repository.finding.AsyncFinding
class Finding(FastPath[M], Registering[M]):
    """What a repository finds."""

    __slots__ = ()
    _core: AsyncFinding[M]

    def query(self, where: WhereInput = None) -> Query[M]:
        """A query over the rows, for what `list` cannot say: groups, joins, sums, pages, streams. As `query` of a session.

            users.query().filter(age__gte=18).group_by("city").annotate(people=func.count()).values("city", "people")

        It belongs to the transaction around it as all calls do. The table is not made for it: with `auto_schema` something else comes
        first, such as `register()`. `query(where).to_sql()` is the SQL and its parameters.

        Args:
            where: as for `list`.

        Raises:
            ValueError: the model has to be registered and is not; or as `list`.
        """
        return Query._of(self._core.query(where))

    def list(
        self,
        where: WhereInput = None,
        order_by: OrderInput = None,
        limit: int | None = None,
        offset: int | None = None,
        *,
        for_update: bool = False,
        skip_locked: bool = False,
        nowait: bool = False,
    ) -> Rows[M]:
        """The rows that meet the conditions, as instances.

            users.list(where=[C.ge("age", 18), C.like("email", "%@example.org")], order_by="-age", limit=10)

        Args:
            where: one condition or a list of which all must hold: `C.eq("age", 18)`, `User.age == 18`, `Q(age=18)`.
            order_by: `OrderBy("age", desc=True)`, `"-age"`, or a list of them.
            limit: at most so many rows.
            offset: leave out the first so many, with or without a limit.
            for_update: lock the rows until the end of the transaction around this.
            skip_locked: with it, leave out rows that others have locked; several workers then never get the same ones.
            nowait: with it, raise an error instead of waiting for such rows.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            ValueError: a limit below 1, an offset below 0, an operator that does not exist.
            DataError: a value of another type than its column's.
            ProgrammingError: `for_update` outside a transaction.
        """
        return drive(
            self._core.list(
                where, order_by, limit, offset, for_update=for_update, skip_locked=skip_locked, nowait=nowait
            )
        )

    def count(self, where: WhereInput = None) -> int:
        """How many rows meet the conditions. Raises as `list`."""
        return drive(self._core.count(where))

    def exists(self, where: WhereInput = None) -> bool:
        """Whether a row meets the conditions. Raises as `list`."""
        return drive(self._core.exists(where))


# ferrow.repository.storing.AsyncStoring
class Storing(Finding[M]):
    """What a repository stores, changes and deletes."""

    __slots__ = ()
    _core: AsyncStoring[M]

    def insert(self, obj: M) -> M:
        """Insert one instance and return it, with its generated key and server defaults filled in, also if it is frozen.

        Raises:
            UniqueViolation: or another IntegrityError of the database.
            DataError: a value that does not fit its column.
            TypeError: an instance of another class.
            ValidationError: a ValidatedModel with values that it does not allow.
        """
        return drive(self._core.insert(obj))

    def insert_many(self, objs: Iterable[M]) -> Rows[M]:
        """Insert many instances, all or none, by few statements of many rows; returns them in their order. Raises as `insert`, and:

        Raises:
            ValueError: a trigger or a rule of the table left rows out; none is kept. (In a transaction, let the error leave it.)
        """
        return drive(self._core.insert_many(objs))

    def update(self, obj: M) -> int:
        """Write all columns of an instance but the key; returns how many rows it had: 1, or 0 if it is gone.

        Raises:
            ValueError: it has no key; the model has no other columns; a ValidatedModel with values that it does not allow.
            StaleRow: the model counts versions, and the row has another one.
            IntegrityError, DataError: as `insert`.
        """
        return drive(self._core.update(obj))

    def delete(self, obj: M) -> int:
        """Delete the row of an instance; returns how many there were: 1, or 0 if it is gone.

        A row of a model with soft deletion is marked as deleted. Raises ValueError if the instance has no key, StaleRow as `update`.
        """
        return drive(self._core.delete(obj))

    def update_where(self, values: Mapping[str, Any], *, where: WhereInput) -> int:
        """Set columns in all rows that meet the conditions; returns how many there were, changed or not.

            jobs.update_where({"status": "done"}, where=C.lt("id", 100))

        Args:
            values: by attribute; expressions (`User.age + 1`) too.
            where: as for `list`, but not nothing: to change every row say `where=C.is_not_null("id")`.

        Raises:
            ValueError: no values, no condition, or a name that is no column to be written.
            DataError: a value that does not fit its column. ValidationError: one that a ValidatedModel does not allow.
        """
        return drive(self._core.update_where(values, where=where))

    def delete_where(self, *, where: WhereInput) -> int:
        """Delete all rows that meet the conditions, `where`; returns how many there were. Raises ValueError without a condition."""
        return drive(self._core.delete_where(where=where))


# ferrow.repository.repository.AsyncRepository
class Repository(Storing[M]):
    """The rows of one model: dataclass, typed class or Pydantic model.

        users = Repository(db, User)
        ada = users.insert(User(name="Ada"))
        adults = users.list(where=C.ge("age", 18), order_by=OrderBy("name"), limit=10)

    Each call commits by itself; inside `db.transaction()`, or a transaction of the engine or a session of it, it belongs to that. All
    names are checked against the model before anything is sent. A repository may be shared by tasks.

    Args:
        db: an `Database`, or an engine.
        model: the class; one field at least is its primary key.
        auto_schema: create the table, or add what it lacks, before the first action on this database (or in `register`).
        schema_conflict: what then happens with a table that cannot be completed: "raise", or "recreate" to drop it with its rows.
        require_registration: refuse to do anything before `register` was called.
        registry: what is registered, where several repositories share it.

    Raises:
        ValueError: the model has no primary key, or another `schema_conflict`.
        ModelError: it is not a model, or another face calls its table something else.
        InterfaceError: `db` is neither a database nor an engine.
    """

    __slots__ = ()
    _core: AsyncRepository[M]

    def __init__(
        self,
        db: Any,
        model: type[M],
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
        registry: Registry | None = None,
    ) -> None:
        self._core = AsyncRepository(
            db,
            model,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            registry=registry,
            world=BLOCKING,
        )

    def get_or_create(self, *, lookup: Mapping[str, Any], defaults: Mapping[str, Any] | None = None) -> tuple[M, bool]:
        """The row that has these values, made if there is none; and whether it was made.

            user, created = users.get_or_create(lookup={"email": "ada@example.org"}, defaults={"name": "Ada"})

        It is safe with others who do the same at the same time: the row is inserted, and read if it was there already. Inside a
        transaction that goes on: a savepoint is all that is undone. Values that are None are no hindrance to two such rows, so with
        one of them among the lookup's the row is looked for first. (On PostgreSQL a transaction of isolation "repeatable read" or
        "serializable" cannot see a row that another one has made since it began: then the error says so.)

        Args:
            lookup: by attribute; exactly the columns of the primary key, or of a unique column, index or constraint.
            defaults: the other attributes of a new row.

        Raises:
            ValueError: no lookup, or one by columns that are not unique.
            UnknownColumn: the model has no such column.
            IntegrityError: another constraint is in the way of the new row.
        """
        return drive(self._core.get_or_create(lookup=lookup, defaults=defaults))

    def create(self, obj: M, *, relations: Mapping[str, Any] | None = None) -> M:
        """Insert an instance and what it is related to, in one transaction; without relations the same as `insert`.

            authors.create(Author(name="Ada"), relations={"posts": [Post(title="One"), Post(title="Two")]})

        Related objects that have no row yet are inserted; those that have one are linked: a parent is referred to, a child is updated
        to refer to this. If anything fails nothing is stored, and the objects are as they were.

        Args:
            obj: the instance.
            relations: by name an object, or a list of them where there may be several; None is nothing.

        Raises:
            ValueError: the model has no such relation.
            TypeError: objects of another class than the relation's, or no list where there are several.
            IntegrityError, DataError: as `insert`.
        """
        return drive(self._core.create(obj, relations=relations))

    def get_related(self, pk_value: Any, *, include: str | Sequence[str]) -> RelatedResult[M] | None:
        """The instance with a primary key and what it is related to, or None.

            found = authors.get_related(1, include=["posts"])
            print(found.obj.name, found.relations["posts"])

        Args:
            pk_value: as for `get`.
            include: names of relations.

        Raises:
            ValueError: the model has no such relation.
            TypeError: a name that is no text.
        """
        return drive(self._core.get_related(pk_value, include=include))

    def list_related(
        self,
        *,
        include: str | Sequence[str],
        where: WhereInput = None,
        order_by: OrderInput = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Rows[RelatedResult[M]]:
        """`list` with what the instances are related to, by one more statement for each relation.

        Args:
            include: names of relations.
            where: this, `order_by`, `limit` and `offset` are as for `list`.

        Raises:
            ValueError: the model has no such relation; or as `list`.
            TypeError: a name that is no text.
        """
        return drive(
            self._core.list_related(include=include, where=where, order_by=order_by, limit=limit, offset=offset)
        )


# ferrow.repository.hub_finding.AsyncHubFinding
class HubFinding(Handing):
    """What a hub finds, model by model."""

    __slots__ = ("_core", "__weakref__")
    _core: AsyncHubFinding

    @classmethod
    def _of(cls, core: AsyncHubFinding) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(
        self,
        db: Any,
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
    ) -> None:
        self._core = AsyncHubFinding(
            db,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            world=BLOCKING,
        )

    @property
    def db(self) -> Any:
        """The database or engine it was made with."""
        return self._core.db

    @property
    def d(self) -> Dialect:
        """How the database is spoken to in raw SQL."""
        return self._core.d

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)

    def query(self, model: type[M], where: WhereInput = None) -> Query[M]:
        """A query over the rows of a model. As `Repository.query`: `where`."""
        return Query._of(self._core.query(model, where))

    def get(self, model: type[M], pk_value: Any) -> M | None:
        """The instance of a model with a primary key, or None. As `Repository.get`: `pk_value`."""
        return drive(self._core.get(model, pk_value))

    def list(
        self,
        model: type[M],
        where: WhereInput = None,
        order_by: OrderInput = None,
        limit: int | None = None,
        offset: int | None = None,
        *,
        for_update: bool = False,
        skip_locked: bool = False,
        nowait: bool = False,
    ) -> Rows[M]:
        """The rows of a model that meet the conditions. As `Repository.list`: `where`, `order_by`, `limit`, `offset`, and `for_update`
        with `skip_locked` or `nowait`."""
        return drive(
            self._core.list(
                model, where, order_by, limit, offset, for_update=for_update, skip_locked=skip_locked, nowait=nowait
            )
        )

    def count(self, model: type[Any], where: WhereInput = None) -> int:
        """How many rows of a model meet the conditions (`where`)."""
        return drive(self._core.count(model, where))

    def exists(self, model: type[Any], where: WhereInput = None) -> bool:
        """Whether a row of a model meets the conditions (`where`)."""
        return drive(self._core.exists(model, where))

    def get_related(self, model: type[M], pk_value: Any, *, include: str | Sequence[str]) -> RelatedResult[M] | None:
        """The instance of a model with a primary key and what it is related to. As `Repository.get_related`: `pk_value`, `include`."""
        return drive(self._core.get_related(model, pk_value, include=include))

    def list_related(
        self,
        model: type[M],
        *,
        include: str | Sequence[str],
        where: WhereInput = None,
        order_by: OrderInput = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Rows[RelatedResult[M]]:
        """`list` with what the instances are related to. As `Repository.list_related`: `include`, `where`, `order_by`, `limit`, `offset`."""
        return drive(
            self._core.list_related(model, include=include, where=where, order_by=order_by, limit=limit, offset=offset)
        )


# ferrow.repository.hub.AsyncUnifiedRepository
class UnifiedRepository(HubFinding):
    """A hub: the repositories of all models of a database, made as they are needed.

        hub = UnifiedRepository(db, auto_schema=True)
        ada = hub.insert(User(name="Ada"))
        adults = hub.list(User, where=C.ge("age", 18))

    What writes takes the object alone, or its class before it; what reads takes the class first. Else its methods are those of
    `Repository`.

    Args:
        db: an `Database`, or an engine.
        auto_schema: this, `schema_conflict` and `require_registration` are as for `Repository`, for each model.
    """

    __slots__ = ()
    _core: AsyncUnifiedRepository

    def __init__(
        self,
        db: Any,
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
    ) -> None:
        self._core = AsyncUnifiedRepository(
            db,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            world=BLOCKING,
        )

    def register_many(self, models: Iterable[type[Any]], *, ensure: bool | None = None) -> None:
        """`register`, with its `ensure`, for each of them, in their order."""
        drive(self._core.register_many(models, ensure=ensure))

    def is_registered(self, model: type[Any]) -> bool:
        """Whether a model was registered, by `register` or by being used."""
        return self._core.is_registered(model)

    @overload
    def insert(self, model: type[M], obj: M, /) -> M: ...

    @overload
    def insert(self, obj: M, /) -> M: ...

    def insert(self, model: Any, obj: Any = NOTHING, /) -> Any:
        """`insert(obj)`, or `insert(Model, obj)`. Returns and raises as `Repository.insert`."""
        return drive(self._core.insert(model, obj))

    @overload
    def insert_many(self, model: type[M], objs: Iterable[M], /) -> Rows[M]: ...

    @overload
    def insert_many(self, objs: Iterable[M], /) -> Rows[M]: ...

    def insert_many(self, model: Any, objs: Any = NOTHING, /) -> Any:
        """`insert_many(objs)`, which are of one class and not none, or `insert_many(Model, objs)`. Else as `Repository.insert_many`.

        Raises ValueError for no objects without a class, TypeError for objects of several classes.
        """
        return drive(self._core.insert_many(model, objs))

    @overload
    def update(self, model: type[M], obj: M, /) -> int: ...

    @overload
    def update(self, obj: Any, /) -> int: ...

    def update(self, model: Any, obj: Any = NOTHING, /) -> int:
        """`update(obj)`, or `update(Model, obj)`. Returns and raises as `Repository.update`."""
        return drive(self._core.update(model, obj))

    @overload
    def delete(self, model: type[M], obj: M, /) -> int: ...

    @overload
    def delete(self, obj: Any, /) -> int: ...

    def delete(self, model: Any, obj: Any = NOTHING, /) -> int:
        """`delete(obj)`, or `delete(Model, obj)`. Returns and raises as `Repository.delete`."""
        return drive(self._core.delete(model, obj))

    @overload
    def create(self, model: type[M], obj: M, /, *, relations: Mapping[str, Any] | None = None) -> M: ...

    @overload
    def create(self, obj: M, /, *, relations: Mapping[str, Any] | None = None) -> M: ...

    def create(self, model: Any, obj: Any = NOTHING, /, *, relations: Mapping[str, Any] | None = None) -> Any:
        """`create(obj)`, or `create(Model, obj)`; `relations` and the rest as for `Repository.create`."""
        return drive(self._core.create(model, obj, relations=relations))

    def update_where(self, model: type[Any], values: Mapping[str, Any], *, where: WhereInput) -> int:
        """`Repository.update_where` of a model: `values`, `where`."""
        return drive(self._core.update_where(model, values, where=where))

    def delete_where(self, model: type[Any], *, where: WhereInput) -> int:
        """`Repository.delete_where` of a model: `where`."""
        return drive(self._core.delete_where(model, where=where))

    def get_or_create(
        self, model: type[M], *, lookup: Mapping[str, Any], defaults: Mapping[str, Any] | None = None
    ) -> tuple[M, bool]:
        """`Repository.get_or_create` of a model: `lookup`, `defaults`."""
        return drive(self._core.get_or_create(model, lookup=lookup, defaults=defaults))


# ferrow.repository.session.AsyncSession
class Session(Beginning, UnifiedRepository):
    """A hub with transactions: all that is done inside one block is kept, or nothing of it.

        with Session(db) as session:
            ada = session.insert(User(name="Ada"))
            session.insert(Order(user_id=ada.id))

        session = Session(db)
        with session.begin():         # as often as needed
            ...
            with session.begin():     # a savepoint: only this is undone if it fails
                ...

    Outside of any block each call commits by itself. Tasks may share one if they use `begin`.

    Args:
        db: this, `auto_schema`, `schema_conflict` and `require_registration` are as for `UnifiedRepository`.
    """

    __slots__ = ()
    _core: AsyncSession

    def __init__(
        self,
        db: Any,
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
    ) -> None:
        self._core = AsyncSession(
            db,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            world=BLOCKING,
        )

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))
