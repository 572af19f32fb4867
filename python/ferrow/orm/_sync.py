"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

# pyright: reportIncompatibleVariableOverride=false
from __future__ import annotations

from typing import TYPE_CHECKING, Generic, overload

from ferrow.engine._sync import EngineStream
from ferrow.orm.context import AlsoAsync, AsyncSessionContext
from ferrow.orm.generic import M
from ferrow.orm.query import AsyncQuery
from ferrow.orm.scope import AsyncSessionScope
from ferrow.orm.session import AsyncSession
from ferrow.orm.session_engine import OnlySync
from ferrow.orm.stream import AsyncQueryStream
from ferrow.orm.transaction import AsyncSessionTransaction
from ferrow.orm.unit.working import Deleting
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive, drive_iter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from types import TracebackType
    from typing import Any, Literal, Self

    from ferrow.abc import Params
    from ferrow.driver.isolation import Isolation
    from ferrow.engine import QueryResult
    from ferrow.engine._sync import Engine
    from ferrow.orm.choosing import AsyncChoosing
    from ferrow.orm.colour import AnyEngine
    from ferrow.orm.computing import AsyncComputing
    from ferrow.orm.criteria import Filter
    from ferrow.orm.explaining import QueryPlan
    from ferrow.orm.generic import T1, T2, T3, T4, T5, T6, T7, T8, R, T
    from ferrow.orm.keeping import AsyncKeeping
    from ferrow.orm.loading.option import LoadOption, Path
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.relating import AsyncRelating
    from ferrow.orm.result import ExecuteResult
    from ferrow.orm.row_result import RowResult
    from ferrow.orm.slice import Page, Slice
    from ferrow.orm.statements.base import ModelStatement, RowStatement
    from ferrow.orm.statements.conflict import Names
    from ferrow.orm.storing import AsyncStoring
    from ferrow.orm.transacting import AsyncTransacting
    from ferrow.orm.unit.working import AsyncWorking
    from ferrow.orm.upserted import Upserted
    from ferrow.sql import Expr, Ordering
    from ferrow.sql.logic import Truth


# ferrow.orm.unit.working.AsyncWorking
class Working(Deleting):
    """What a session is to write, and when it does."""

    __slots__ = ("_core",)
    _core: AsyncWorking

    @classmethod
    def _of(cls, core: AsyncWorking) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def add(self, instance: object) -> None:
        """Insert an instance at the next flush; its key is set then. One that the unit of work follows is saved anyway.

        Raises:
            ModelError: it is not an instance of a model.
        """
        self._core.add(instance)

    def add_all(self, instances: Iterable[object]) -> None:
        """`add` for each of the `instances`, of any models and in any order: rows that refer to others are inserted after those.

        Raises:
            ModelError: one is not an instance of a model; those before it are pending.
        """
        self._core.add_all(instances)

    def expunge(self, instance: object) -> None:
        """Forget an instance: its changes are not written, nor is it inserted or deleted.

        Raises:
            ProgrammingError: it does not belong to the unit of work.
        """
        self._core.expunge(instance)

    def expunge_all(self) -> None:
        """Forget all instances, and what was to be written for them."""
        self._core.expunge_all()

    def is_modified(self, instance: object) -> bool:
        """Whether an instance has something to be written: it is new, or an attribute or relation differs from what was read.

        Raises:
            ProgrammingError: it does not belong to the unit of work.
        """
        return self._core.is_modified(instance)

    @property
    def new(self) -> list[Any]:
        """What was added and is not inserted yet."""
        return self._core.new

    @property
    def dirty(self) -> list[Any]:
        """The followed instances with attributes or relations that differ from what was read."""
        return self._core.dirty

    @property
    def deleted(self) -> list[Any]:
        """What is to be deleted at the next flush."""
        return self._core.deleted

    def __contains__(self, instance: object) -> bool:
        return self._core.__contains__(instance)

    def flush(self) -> None:
        """Write what is pending: new instances, changed attributes, deletions.

        In a session's block that begins a transaction, if none is open, which lasts until `commit` or `rollback`; outside of any
        block the flush is committed at once. If it fails, nothing of it was done and all of it is still pending.

        Raises:
            IntegrityError: or another error of the database.
            NoResultFound: a row to change or delete is not there any more.
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: new instances refer to each other in a circle.
        """
        drive(self._core.flush())

    def commit(self) -> None:
        """Write what is pending and commit. If that fails, what is not saved is pending again. Raises as `flush`, and:

        Raises:
            ProgrammingError: inside `begin()`; or nothing is followed here, and instances were read whose changes would be lost.
            CommitUnknown: the answer of the database was lost.
            PoolTimeout: for `acquire_timeout` another task or thread that shares the block was writing, or in a transaction() block. Nothing
                has ended, and it may be called again.
        """
        drive(self._core.commit())

    def rollback(self) -> None:
        """Undo what was written since the last commit, and forget what is pending.

        Instances that have rows stay followed, with the values of their rows as they were last read or committed; those whose rows
        are undone have no key any more, and can be added again.

        Raises:
            ProgrammingError: inside `begin()`, which is rolled back when an exception leaves it.
            PoolTimeout: as `commit`.
        """
        drive(self._core.rollback())

    def refresh(self, instance: object, *attributes: Path) -> None:
        """Read the row of an instance and set its attributes to what is there; unsaved changes to them are lost.

            session.refresh(user)
            session.refresh(user, User.visits, "posts.comments")

        Args:
            instance: of any session, or none.
            attributes: only these columns and relations, by name or as attributes of the class. Without any, all columns; relations
                that were loaded stay, unless the foreign key leads elsewhere now.

        Raises:
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance was never inserted.
            UnknownColumn: no such column; names the nearest.
        """
        drive(self._core.refresh(instance, *attributes))

    def merge(self, instance: M) -> M:
        """The instance that this unit of work has for the same row, with the values of the one that is given.

        It is read if need be. Without a row (or a key) it is a copy, which is added. For what another session or a form gave.

        Raises:
            ProgrammingError: the session follows nothing.
            StaleRow: the model has a version, and the row has another one.
        """
        return drive(self._core.merge(instance))

    def close(self) -> None:
        """End the use of the session; in its block, roll back and forget. The engine stays open."""
        drive(self._core.close())

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.orm.storing.AsyncStoring
class Storing(Working):
    """The part of a session that writes instances at once."""

    __slots__ = ()
    _core: AsyncStoring

    def insert(self, instance: M) -> M:
        """Insert one instance and return it, with its generated key and server defaults filled in.

        Raises:
            UniqueViolation: or another IntegrityError of the database.
            DataError: a value that does not fit its column.
        """
        return drive(self._core.insert(instance))

    def insert_all(self, instances: Iterable[M]) -> list[M]:
        """Insert many instances, all or none, and return them in their order, with what the server generated.

        They may be of several models; each model's rows are sent after those it refers to. Raises as `insert`, and:

        Raises:
            ProgrammingError: an instance that is there twice.
            ValueError: a trigger or a rule left rows out that were to return their keys. The others are committed, unless a
                transaction is open: then let the error leave it.
        """
        return drive(self._core.insert_all(instances))

    def update(self, instance: M, /, **values: Any) -> M:
        """Set attributes of an instance and write them to its row; without values, write all columns but the key.

        Without values, what others have written to the row since it was read is overwritten. Not of an instance that the unit of
        work follows: then what has changed since is written, and nothing else; if nothing has, the row is looked at, and what is
        raised is the same.

        A value may be an expression (`visits=User.visits + 1`); the attribute then gets what the database computed. If
        anything goes wrong the instance is left as it was.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            NoResultFound: the row does not exist (any more).
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        return drive(self._core.update(instance, **values))

    def remove(self, instance: object) -> None:
        """Delete the row of an instance; of a model with soft deletion, mark it as deleted, as `soft_delete` does.

        Raises:
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        drive(self._core.remove(instance))

    def upsert(
        self, instance: M, conflict_target: Names, update_fields: Sequence[str] | None = None, do_nothing: bool = False
    ) -> M:
        """Insert an instance, or change the row that is there already; return it as its row is now.

            user = session.upsert(User(email="ada@example.com", name="Ada"), "email")

        Where the unit of work follows the row already, its instance is returned, with the values of the row.

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

        Of two instances of one row both have what the row holds in the end; in a unit of work the first is given for both.

        Instances that were given the same attributes are sent by one statement, each of them changes only its own.
        """
        return drive(self._core.upsert_all(instances, conflict_target, update_fields, do_nothing))


# ferrow.orm.keeping.AsyncKeeping
class Keeping(Storing):
    """The part of a session that is not needed every day."""

    __slots__ = ()
    _core: AsyncKeeping

    def soft_delete(self, instance: M) -> M:
        """Mark the row of an instance as deleted and return the instance; one that is marked keeps its moment.

        Related rows are left as they are.

        Raises:
            NoSoftDelete: the model has no soft deletion (a TypeError).
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        return drive(self._core.soft_delete(instance))

    def restore(self, instance: M) -> M:
        """Take the mark of soft deletion away and return the instance. Raises as `soft_delete`."""
        return drive(self._core.restore(instance))

    def force_delete(self, instance: object) -> None:
        """Delete the row of an instance, also of a model with soft deletion, marked or not. Raises as `remove`."""
        drive(self._core.force_delete(instance))

    def update_all(self, instances: Iterable[M], *columns: Names) -> list[M]:
        """Write columns of many instances, each with its own values, all or none, and return the instances in their order.

            for product in products:
                product.price = product.price * 2
            session.update_all(products, "price")

        Up to a thousand rows of a model are one statement.

        Args:
            instances: of one model or several; none twice.
            columns: which, by name or as `Product.price`; without any, all but the key. Of instances that a unit of work follows, then,
                those that have changed, as `update` does: a statement for each set of columns.

        Raises:
            UnknownColumn: a model has no such column.
            NoResultFound: a row does not exist (any more); then none is changed.
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: an instance that was never inserted, or two of one row.
            DataError: a value that does not fit its column.
        """
        return drive(self._core.update_all(instances, *columns))

    def remove_all(self, instances: Iterable[object]) -> None:
        """Delete the rows of many instances, all or none; those of models with soft deletion are marked, as `remove` does.

        They may be of several models; rows that refer to others are deleted before those. In a unit of work what is pending
        besides is written too.

        Raises:
            NoResultFound: a row does not exist (any more); then none is deleted.
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: an instance that was never inserted.
        """
        drive(self._core.remove_all(instances))

    def create_or_update(
        self, instance: M, conflict_target: Names, update_fields: Sequence[str] | None = None, do_nothing: bool = False
    ) -> Upserted[M]:
        """`upsert`, which also says whether the row is new: `user, created = session.create_or_update(user, "email")`.

        Arguments and errors as for `upsert`: `conflict_target`, `update_fields`, `do_nothing`.
        """
        return drive(self._core.create_or_update(instance, conflict_target, update_fields, do_nothing))

    def create_or_update_all(
        self,
        instances: Iterable[M],
        conflict_target: Names,
        update_fields: Sequence[str] | None = None,
        do_nothing: bool = False,
    ) -> list[Upserted[M]]:
        """`upsert_all`, which also says of each whether its row is new, in their order.

        Of two instances of one row the later one finds it there. Arguments and errors as for `upsert_all`: `conflict_target`,
        `update_fields`, `do_nothing`.
        """
        return drive(self._core.create_or_update_all(instances, conflict_target, update_fields, do_nothing))

    def after_commit(self, callback: Callable[[], Any]) -> None:
        """Call something, without arguments, once the outermost transaction around this is committed: `after_commit(send_mail)`.

        It is not called if what was done here is rolled back, be it to the savepoint of an inner block, or if nobody knows
        (CommitUnknown). It runs after the block, outside of any transaction; a coroutine function only in async code. What it raises
        undoes nothing: all callbacks are called, then their errors leave the block as an ExceptionGroup.

        Raises:
            ProgrammingError: no transaction is open here, or a coroutine function in sync code.
        """
        self._core.after_commit(callback)

    def after_rollback(self, callback: Callable[[], Any]) -> None:
        """Call something once the outermost transaction around this has ended, if what was done here was rolled back.

        Errors in it are notes of the error that led to the rollback. Else as `after_commit`.

        Raises:
            ProgrammingError: as `after_commit`.
        """
        self._core.after_rollback(callback)


# ferrow.orm.relating.AsyncRelating
class Relating:
    """The part of a session that knows relations."""

    __slots__ = ()
    _core: AsyncRelating

    def load(self, instance: M, *relations: Path | LoadOption) -> M:
        """Load relations of an instance that is there already, and return it; what was loaded before is read again.

            session.load(user, User.posts, "city.country")

        Args:
            instance: has a row.
            relations: names, names with dots between them, attributes of the class, or load options.

        Raises:
            UnknownColumn: no such relation; names the nearest.
            ProgrammingError: an attribute of another model; no relations; the instance has no row yet.
        """
        return drive(self._core.load(instance, *relations))

    def load_for(self, instances: Collection[M], *relations: Path | LoadOption) -> list[M]:
        """`load` for many `instances` of one model at once, with one statement for each relation; returns them as a list.

        `relations` and errors as for `load`; with none of them, or instances of several models, ProgrammingError.
        """
        return drive(self._core.load_for(instances, *relations))

    def link(self, instance: object, relation: Path, /, *others: Any) -> None:
        """Link an instance with others of a many-to-many relation, without reading what it is linked with.

            session.link(book, Book.tags, gothic, french)

        Linking what is linked already does nothing. If the collection is loaded, it has the others afterwards.

        Args:
            instance: has a row.
            relation: the attribute of the class, or its name.
            others: instances, new ones are inserted; or keys.

        Raises:
            ProgrammingError: the relation has no junction, or one with columns that need further values.
            ForeignKeyViolation: a key that no row has.
        """
        drive(self._core.link(instance, relation, *others))

    def unlink(self, instance: object, relation: Path, /, *others: Any) -> None:
        """Unlink an instance from others, or their keys; unlinking what is not linked does nothing. Raises as `link`."""
        drive(self._core.unlink(instance, relation, *others))

    def clear_links(self, instance: object, relation: Path) -> int:
        """Unlink an instance from all others of a many-to-many relation; returns how many they were. Raises as `link`."""
        return drive(self._core.clear_links(instance, relation))


# ferrow.orm.transacting.AsyncTransacting
class Transacting:
    """The part of a session that begins transactions."""

    __slots__ = ()
    _core: AsyncTransacting

    def begin(self, *, isolation: Isolation | None = None, readonly: bool = False) -> SessionTransaction:
        """A transaction for a block: `with session.begin() as tx`. Committed at its end, rolled back on an exception.

        It is a unit of work: `tx.add(instance)`, `tx.add_all(instances)`, `tx.delete(instance)`, and attributes that were changed on
        instances read in the block, are sent together at its end, by `tx.flush()`, or before the next query. Every call
        inside the block, of this or any session of the engine, belongs to the transaction. A block inside a block is a savepoint,
        before which what is pending is written.

        Args:
            isolation: as for `engine.transaction`; only for the outermost block.
            readonly: refuse writes. On SQLite it also waits for no other writer.

        Raises:
            ProgrammingError: at the end, if that runs in another context than the beginning, and the session was asked meanwhile to add, delete or
                read what the block knows nothing of.
        """
        return SessionTransaction._of(self._core.begin(isolation=isolation, readonly=readonly))

    def transaction(self, *, isolation: Isolation | None = None, readonly: bool = False) -> SessionScope:
        """The same block as that of `begin`, which gives the session: `with session.transaction() as session`.

        `isolation`, `readonly`: as for `begin`.
        """
        return SessionScope._of(self._core.transaction(isolation=isolation, readonly=readonly))


# ferrow.orm.session.AsyncSession
class Session(OnlySync, Keeping, Relating, Transacting):
    """Reads and writes instances of models of any style: typed classes, dataclasses, Pydantic models.

        session = Session(engine)
        user = session.insert(User(name="Ada"))
        user = session.get(User, user.id)

    Each call commits by itself; inside `begin()`, `session_context` or `engine.transaction()` it belongs to that
    transaction. Such a session holds no connection, and no instances but those that were added or deleted and wait for
    `commit`; tasks may share one.

    As a block, `with Session(engine) as session`, it is a unit of work: it follows the instances that are read and
    added in it, `commit` writes what was changed, and leaving it with unsaved changes is an error. So are the blocks of
    `begin()` and `session_context`, which commit at their end.

    Args:
        engine: what `create_engine` returned, awaited or not.
        autoflush: whether a unit of work writes what is pending before each query.
    """

    __slots__ = ()
    _core: AsyncSession

    def __init__(self, engine: AnyEngine, *, autoflush: bool = True) -> None:
        self._core = AsyncSession(engine, autoflush=autoflush, world=BLOCKING)

    def get(self, model: type[M], key: Any, *, include_deleted: bool = False) -> M | None:
        """The instance with a primary key, or None; read from the database each time.

        Args:
            model: the class.
            key: the value; for a key of several columns a tuple in their order, or a dict.
            include_deleted: also if it was deleted softly.

        Raises:
            ProgrammingError: another number of values than the key has columns.
            DataError: a value of another type than the key's.
        """
        return drive(self._core.get(model, key, include_deleted=include_deleted))

    def get_or_raise(self, model: type[M], key: Any, *, include_deleted: bool = False) -> M:
        """The instance with this primary key, which has to be there. Arguments (`model`, `key`, `include_deleted`) as for `get`.

        Raises NoResultFound (a LookupError) if there is no such row, or none that is seen; other errors as `get`.
        """
        return drive(self._core.get_or_raise(model, key, include_deleted=include_deleted))

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

    def bulk_delete(self, model: type[M], /, *conditions: Filter, **filters: Any) -> int:
        """Delete all rows that meet the conditions, or mark them if the model has soft deletion; returns how many there were.

            session.bulk_delete(User, User.age < 18, role="guest")

        Conditions and errors are those of `bulk_update`; without any, every row goes.
        """
        return drive(self._core.bulk_delete(model, *conditions, **filters))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.orm.stream.AsyncQueryStream
class QueryStream(EngineStream[M]):
    """The instances of a query, so many of them in memory at a time. Made by `query.stream()`, where more is said.

    `for user in query.stream()`; or `with query.stream() as users` and then `for user in users`,
    `users.fetch(n)`.
    """

    __slots__ = ()
    _core: AsyncQueryStream[M]

    def __init__(
        self,
        engine: Engine,
        plan: Plan[M],
        prepared: Prepared,
        values: tuple[Any, ...],
        loading: Loading | None,
        chunk: int,
    ) -> None:
        self._core = AsyncQueryStream(engine._core, plan, prepared, values, loading, chunk)


# ferrow.orm.choosing.AsyncChoosing
class Choosing(Generic[M]):
    """The half of a query that says which rows. Each method returns another query."""

    __slots__ = ("_core",)
    _core: AsyncChoosing[M]

    @classmethod
    def _of(cls, core: AsyncChoosing[M]) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

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

    def exclude(self, /, *conditions: Filter, **keywords: Any) -> Self:
        """Drop the rows that `filter` with the same arguments would keep, and no others.

        Those where the condition is unknown, because it compares with a NULL, stay; `filter(~Q(...))` drops them too.
        """
        core = self._core.exclude(*conditions, **keywords)
        return self if core is self._core else self._of(core)

    def with_deleted(self) -> Self:
        """Leave soft deletion out of account: the rows that were deleted too. Related rows that were are still left out.

        Raises:
            NoSoftDelete: the model has no soft deletion.
        """
        core = self._core.with_deleted()
        return self if core is self._core else self._of(core)

    def only_deleted(self) -> Self:
        """Only the rows that were deleted softly. Raises NoSoftDelete if the model has no soft deletion."""
        core = self._core.only_deleted()
        return self if core is self._core else self._of(core)

    def unscoped(self) -> Self:
        """The rows outside of the model's `__scope__` too; of related rows still those inside of theirs. Deleted rows stay left out."""
        core = self._core.unscoped()
        return self if core is self._core else self._of(core)

    def filter_by(self, /, **values: Any) -> Self:
        """Keep the rows that have these values; keywords are names of columns or relations and nothing else. Raises UnknownColumn."""
        core = self._core.filter_by(**values)
        return self if core is self._core else self._of(core)

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
        core = self._core.join(target, on)
        return self if core is self._core else self._of(core)

    def left_join(self, target: Any, on: Truth | None = None) -> Self:
        """As `join`, keeping rows without a match: the other table's columns are NULL there.

        Arguments (`target`, `on`) and errors as for `join`.
        """
        core = self._core.left_join(target, on)
        return self if core is self._core else self._of(core)

    def right_join(self, target: Any, on: Truth | None = None) -> Self:
        """As `join`, keeping rows of the other table without a match: all columns of this model are NULL there.

        For `values`, `values_list`, `count` and other numbers: such a row is no instance. Arguments as for `join`.

        Raises:
            ProgrammingError: as `join`; or one of the models has soft deletion or a scope.
        """
        core = self._core.right_join(target, on)
        return self if core is self._core else self._of(core)

    def full_join(self, target: Any, on: Truth | None = None) -> Self:
        """As `right_join`, keeping rows of this model without a match, too.

        Arguments (`target`, `on`) and errors as for `right_join`; and on MariaDB, which has no such join, NotSupportedError.
        """
        core = self._core.full_join(target, on)
        return self if core is self._core else self._of(core)

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
        core = self._core.for_update(nowait=nowait, skip_locked=skip_locked, of=of, read=read, key_share=key_share)
        return self if core is self._core else self._of(core)

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort, after the terms given before: `order_by("-created", User.name)`.

        Args:
            terms: names of columns, with `-` for the largest first, or expressions (`User.name.desc().nulls_last()`).
            desc: largest first for the terms that do not say it themselves.

        Raises:
            UnknownColumn: the model has no such column; names the nearest. What is computed has a name from `annotate` on.
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

    def distinct(self, *on: str | Expr[Any]) -> Self:
        """Drop repeated result rows; with columns, all but the first row of each combination of their values.

        Without columns it is of use with `values`, `values_list` and joins: rows with a primary key never repeat. With columns
        `order_by` says which row is the first, and must begin with them.

        Raises:
            UnknownColumn: the model has no such column.
        """
        core = self._core.distinct(*on)
        return self if core is self._core else self._of(core)

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
        core = self._core.annotate(*labelled, **named)
        return self if core is self._core else self._of(core)

    def group_by(self, *columns: str | Expr[Any]) -> Self:
        """One row per different combination of these, for `values`, `values_list`, `count`, `exists` and `having`.

        Instances can be asked for only when the primary key is among them, which is of use with joins.

        Raises:
            UnknownColumn: no such column or annotation.
            ProgrammingError: nothing to group by, or something that is computed over many rows.
        """
        core = self._core.group_by(*columns)
        return self if core is self._core else self._of(core)

    def having(self, /, *conditions: Filter, **keywords: Any) -> Self:
        """Keep the groups that meet all conditions: `having(count__gt=5)`, `having(func.sum(Order.amount) > 100)`.

        Keywords are as in `filter`, of `count` (the rows of the group), of annotations, and of columns grouped by.

        Raises:
            UnknownColumn: none of these; names the nearest.
            ProgrammingError: a column that differs within a group, or as `filter`.
        """
        core = self._core.having(*conditions, **keywords)
        return self if core is self._core else self._of(core)

    def options(self, *options: LoadOption) -> Self:
        """Load relations together with the instances: `options(selectinload("posts"), joinedload(User.city))`.

        Of two options about the same relation the later one counts. Only what gives instances loads anything.

        Raises:
            UnknownColumn: the model has no such relation; names the nearest.
            ProgrammingError: not a load option, an attribute of another model, or a path through what is not loaded.
            ModelError: it cannot be told which columns a relation is about.
        """
        core = self._core.options(*options)
        return self if core is self._core else self._of(core)


# ferrow.orm.computing.AsyncComputing
class Computing(Choosing[M]):
    """The part of a query that gives something else than instances."""

    __slots__ = ()
    _core: AsyncComputing[M]

    def values(self, *columns: str | Expr[Any], **named: Expr[Any] | str) -> list[dict[str, Any]]:
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
        return drive(self._core.values(*columns, **named))

    @overload
    def values_list(self, a: Expr[T1], /) -> list[tuple[T1]]: ...

    @overload
    def values_list(self, a: Expr[T1], b: Expr[T2], /) -> list[tuple[T1, T2]]: ...

    @overload
    def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], /) -> list[tuple[T1, T2, T3]]: ...

    @overload
    def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], /) -> list[tuple[T1, T2, T3, T4]]: ...

    @overload
    def values_list(
        self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], /
    ) -> list[tuple[T1, T2, T3, T4, T5]]: ...

    @overload
    def values_list(
        self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], /
    ) -> list[tuple[T1, T2, T3, T4, T5, T6]]: ...

    @overload
    def values_list(
        self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], g: Expr[T7], /
    ) -> list[tuple[T1, T2, T3, T4, T5, T6, T7]]: ...

    @overload
    def values_list(
        self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], g: Expr[T7], h: Expr[T8], /
    ) -> list[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]: ...

    @overload
    def values_list(
        self, *columns: str | Expr[Any], flat: Literal[False] = False, **named: Expr[Any] | str
    ) -> list[tuple[Any, ...]]: ...

    @overload
    def values_list(self, column: Expr[T], /, *, flat: Literal[True]) -> list[T]: ...

    @overload
    def values_list(self, *columns: str | Expr[Any], flat: bool, **named: Expr[Any] | str) -> list[Any]: ...

    def values_list(self, *columns: str | Expr[Any], flat: bool = False, **named: Expr[Any] | str) -> list[Any]:
        """The rows as tuples, of columns as in `values`; with `flat`, the values of the one column asked for.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: `flat` with another number of columns than one.
        """
        return drive(self._core.values_list(*columns, flat=flat, **named))

    def count(self) -> int:
        """How many rows there are; of groups, how many groups."""
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
    def avg(self, column: Expr[int] | Expr[int | None] | Expr[float] | Expr[float | None]) -> float | None: ...

    @overload
    def avg(self, column: Expr[Decimal] | Expr[Decimal | None]) -> Decimal | None: ...

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


# ferrow.orm.query.AsyncQuery
class Query(Computing[M]):
    """Rows of one model: say which, then ask for them. Made by `session.query(User)`.

        session.query(User).filter(age__gte=18, name__startswith="A").order_by("-age").limit(10).all()

    A query never changes; each method returns another one, so a query can be kept and built upon. Nothing is sent before one
    of the awaited methods asks for it, and names the model does not have are errors before that. Everything that is asked
    for respects conditions, order, limit, offset and distinct.
    """

    __slots__ = ()
    _core: AsyncQuery[M]

    def __init__(self, session: Session, model: type[M]) -> None:
        self._core = AsyncQuery(session._core, model)

    def to_sql(self) -> tuple[str, tuple[Any, ...]]:
        """The SQL that `all` (of groups: `values`) would send, and its parameters.

        Raises:
            ProgrammingError: a column that does not belong to the query.
        """
        return self._core.to_sql()

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)

    def __bool__(self) -> bool:
        return self._core.__bool__()

    def _repr_html_(self) -> str:
        return self._core._repr_html_()

    def all(self) -> list[M]:
        """Every row, as instances, in the order of `order_by`; an empty list where there is none.

        Raises:
            ProgrammingError: the query has groups, which are no instances: `values()` gives them.
            DatabaseError: what the database reports.
        """
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

    def get_or_none(self, /, *conditions: Filter, **keywords: Any) -> M | None:
        """`filter` with these arguments, then `one_or_none`: `get_or_none(email="ada@example.org")`."""
        return drive(self._core.get_or_none(*conditions, **keywords))

    def in_bulk(self, keys: Iterable[Any]) -> dict[Any, M]:
        """The instances with these primary keys, by key, in the order of the keys; keys without a row are left out.

        Keys are given as to `session.get`; those of several columns are tuples in the dict.

        Raises:
            ModelError: the model has no primary key.
            ProgrammingError: the query has a limit or an offset.
            DataError, ProgrammingError: as `session.get`.
        """
        return drive(self._core.in_bulk(keys))

    def page(self, number: int = 1, *, size: int = 20) -> Page[M]:
        """Page `number`, from 1 on, of `size` rows, and how many there are in all, as of one moment.

        The further in, the more rows the database reads in vain; and rows that come and go move the others to other pages.
        `after` has neither trouble. Give the query an order.

        Raises:
            TypeError, ValueError: not whole numbers from 1 on.
            ProgrammingError: the query has a limit or an offset, or its rows are groups.
        """
        return drive(self._core.page(number, size=size))

    def after(self, cursor: str | None = None, *, size: int = 20, secret: str | bytes | None = None) -> Slice[M]:
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
        return drive(self._core.after(cursor, size=size, secret=secret))

    def stream(self, batch_size: int = 1000) -> QueryStream[M]:
        """The instances one by one, for results that are too large to hold: `for user in query.stream()`.

        A cursor of the database: the rows are those of one moment, at no time more than `batch_size` of them are in memory, and
        order, limit and offset hold as in `all`. Until its end a stream holds a connection of the pool, in a transaction of
        its own; inside `begin()` it belongs to that transaction, and other calls may run between its batches. A loop that is
        left early closes it; so does the end of `with query.stream() as users`.

        Raises:
            TypeError, ValueError: `batch_size` is not a whole number from 1 on.
            ProgrammingError: the rows are groups.
        """
        return QueryStream._of(self._core.stream(batch_size))

    def __iter__(self) -> Iterator[M]:
        """`for user in query` is `for user in query.stream()`."""
        return drive_iter(self._core.__aiter__())

    def explain(self, *, analyze: bool = False, verbose: bool = False, buffers: bool = False) -> QueryPlan:
        """How the database would run this query: `print(query.explain())`.

        Args:
            analyze: run it, and say how long each step took (PostgreSQL).
            verbose: say more (PostgreSQL).
            buffers: say what was read from where; with `analyze` (PostgreSQL).

        Raises:
            NotSupportedError: SQLite, and one of these is asked for.
        """
        return drive(self._core.explain(analyze=analyze, verbose=verbose, buffers=buffers))

    def update(self, /, **values: Any) -> int:
        """Set columns in all these rows to values, or to expressions (`age=User.age + 1`); returns how many rows there were.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
            ProgrammingError: no values at all.
        """
        return drive(self._core.update(**values))

    def delete(self) -> int:
        """Delete all these rows; returns how many there were. Without conditions that is every row of the table.

        Rows of a model with soft deletion are marked as deleted; `force_delete` deletes them.

        Raises:
            ProgrammingError: of `only_deleted()` rows: they are deleted already.
        """
        return drive(self._core.delete())

    def force_delete(self) -> int:
        """Delete all these rows, also those of a model with soft deletion; returns how many there were.

        Those that are marked already are not among them: `only_deleted().force_delete()` is for these, `with_deleted()` for both.
        """
        return drive(self._core.force_delete())

    def restore(self) -> int:
        """Take the mark of soft deletion off all these rows; returns how many had it.

        Raises:
            NoSoftDelete: the model has no soft deletion.
        """
        return drive(self._core.restore())


# ferrow.orm.transaction.AsyncSessionTransaction
class SessionTransaction:
    """A transaction of a session, made by `session.begin()`. What is added, changed and deleted waits for `flush`, for a query,
    or for the end of the block."""

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
        """Insert these instances later, of any models and in any order: rows that refer to others are inserted after those.

        Raises ModelError as `add`; those before the wrong one are pending.
        """
        core = self._core.add_all(instances)
        return self if core is self._core else self._of(core)

    def delete(self, instance: object) -> Self:
        """Delete the row of this instance later; one that was only added here is forgotten.

        The flush raises NoResultFound if there is no such row, StaleRow if it has a version and is not as it was read.

        Raises:
            ProgrammingError: the instance was never inserted.
        """
        core = self._core.delete(instance)
        return self if core is self._core else self._of(core)

    def flush(self) -> None:
        """Send now what was added, changed and deleted. If that fails, nothing of it was done, and all of it is still to be done."""
        drive(self._core.flush())

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.orm.scope.AsyncSessionScope
class SessionScope:
    """A transaction of a session, made by `session.transaction()`: `with session.transaction() as session`.

    Args:
        session: whose calls inside the block run in it.
        isolation: "read committed", "repeatable read" or "serializable"; None is the database's.
        readonly: whether the database is to refuse writes.
    """

    __slots__ = ("_core",)
    _core: AsyncSessionScope

    @classmethod
    def _of(cls, core: AsyncSessionScope) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, session: Session, *, isolation: Isolation | None = None, readonly: bool = False) -> None:
        self._core = AsyncSessionScope(session._core, isolation=isolation, readonly=readonly)

    def __enter__(self) -> Session:
        return Session._of(drive(self._core.__aenter__()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


# ferrow.orm.context.AsyncSessionContext
class SessionContext(AlsoAsync):
    """A session for a block; what it does is committed at the end, and rolled back if an exception leaves the block.

    `autoflush`: whether pending changes are written before each query. `isolation`, `readonly`: as for `engine.transaction`.
    """

    __slots__ = ("_core",)
    _core: AsyncSessionContext

    @classmethod
    def _of(cls, core: AsyncSessionContext) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(
        self, engine: AnyEngine, *, autoflush: bool = True, isolation: Isolation | None = None, readonly: bool = False
    ) -> None:
        self._core = AsyncSessionContext(
            engine, autoflush=autoflush, isolation=isolation, readonly=readonly, world=BLOCKING
        )

    def __enter__(self) -> Session:
        return Session._of(drive(self._core.__aenter__()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))
