"""The functions: `insert`, `select_one`, `select_all`, `update`, `delete`, `paginate` and those beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ferrow.crud import paging, reading, writing
from ferrow.crud.connections import AsyncConnections
from ferrow.crud.plan import plan_for
from ferrow.crud.remembered import remember
from ferrow.crud.statements import AsyncStatementFunctions
from ferrow.orm.generic import M

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.crud.filters import Terms, Where
    from ferrow.orm.colour import AnyEngine
    from ferrow.orm.slice import Slice
    from ferrow.orm.statements.conflict import Names


class AsyncFunctions(AsyncStatementFunctions):
    """The functions of this package for one database; those of the package itself are these of the `ConnectionManager`.

        reports = AsyncFunctions(create_engine("postgresql://reader@reports/db"))
        rows = await reports.select_all(Sale, region="north")

    Models are of any style: `BaseModel` of this package, other Pydantic models, dataclasses, typed classes. Outside a transaction each
    call is one statement that commits by itself; inside `transaction()`, of this or any other face of the engine, it belongs to that.

    Filters, where a function takes them, are keywords or `where`, never both. Keywords are fields: a value, None for NULL, a list for "one
    of these", or `field__operator` as in `Query.filter` (`age__gte=18`). `where` is an instance of `Partial(Model)` or of the
    model (of which what was given counts), `Q(...)`, an expression, several of them, or a dict of what could be keywords. A field that is
    called as an argument is reached by `where`, or with an operator: `limit__eq=5`.

    Args:
        source: an engine, awaited or not, or an `AsyncConnections`.
    """

    __slots__ = ()

    def __init__(self, source: AnyEngine | AsyncConnections, *, world: World | None = None) -> None:
        if not isinstance(source, AsyncConnections):
            engine, source = source, AsyncConnections(world=world)
            source.use(engine)
        self._source = source

    # --- writing -----------------------------------------------------------------------------------------------------

    async def insert(self, model: M) -> M:
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
        return await writing.insert(self._source._here(), model)

    async def insert_many(self, models: Iterable[M]) -> list[M]:
        """Insert many rows, all or none, and return them in their order, as `insert`.

        They may be of several models. Those of one model that were given the same fields go in one batch. Raises as `insert`.

        `models`: the instances.
        """
        return await writing.insert_many(self._source._here(), [*models])

    async def upsert(
        self,
        model: M,
        conflict_target: Names | None = None,
        update_fields: Names | None = None,
        do_nothing: bool = False,
    ) -> M:
        """Insert a row, or change the one that is there already; return it as it is then, as a new instance.

        await upsert(User(email="ada@example.com", name="Ada"), "email")

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
        here = self._source._here()
        return await writing.upsert(here, model, conflict_target, update_fields, nothing=do_nothing)

    async def update(self, model: M, *, fields: Names | None = None) -> M:
        """Write an instance to its row and return that as a new instance.

        What was given is written: of a `Partial` the fields it has; of a Pydantic model those that were given, and if these functions read it
        (100 instances at most by one call), those that were assigned since then, and what may have been changed inside (dicts, lists,
        nested models); of other classes all but the key. An instance of another database, or with another key than was read, is written
        whole, and what a transaction wrote that was rolled back counts as assigned. It can also be said:

            await update(PartialUser(id=1, email="new@example.com"))
            await update(user, fields=["email"])

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
        written: M = await writing.update(self._source._here(), model, fields)
        return written

    async def delete(self, model: object) -> bool:
        """Delete the row of an instance, of which only the primary key is looked at; return whether there was one.

            await delete(user)
            await delete(Partial(User)(id=1))

        A row of a model with soft deletion is marked as deleted.

        Args:
            model: an instance of a model or of its `Partial`.

        Raises:
            ProgrammingError: a partial instance that was given no primary key.
            StaleRow: the model has a version, and the row another one than the instance.
            ForeignKeyViolation: other rows refer to it.
        """
        return await reading.delete(self._source._here(), model)

    # --- reading -----------------------------------------------------------------------------------------------------

    async def select_one(self, model_class: type[M], where: Where[M] = None, **filters: Any) -> M | None:
        """The first row that is found, or None: `await select_one(User, email="ada@example.com")`.

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
        session = self._source._session or self._source._here()
        plan = plan_for(model_class, session._dialect)
        if where is None and len(filters) == 1 and (known := plan.getter or reading.getter(plan)) is not None:
            # By its primary key: the commonest call of all, and a statement that is known.
            key = filters.get(known.name)
            if key.__class__ is known.plain:
                engine = session._engine
                rows: list[M] = (await engine.run(known.sql, (key,), known.shape, known.kinds)).rows
                if not rows:
                    return None
                remember(engine, rows)
                return rows[0]
        return await reading.select_one(session, plan, where, filters)

    async def select_all(
        self,
        model_class: type[M],
        where: Where[M] = None,
        limit: int | None = None,
        order_by: Terms = None,
        **filters: Any,
    ) -> list[M]:
        """Every row that is found: `await select_all(User, is_active=True, role=["admin", "editor"], order_by="-created_at")`.

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
        return await reading.select_all(self._source._here(), model_class, where, limit, order_by, filters)

    async def paginate(
        self,
        model_class: type[M],
        page: int,
        page_size: int,
        where: Where[M] = None,
        order_by: Terms = None,
        **filters: Any,
    ) -> tuple[list[M], int]:
        """A page, and how many rows there are in all, as of one moment: `users, total = await paginate(User, 2, 10, is_active=True)`.

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
        here = self._source._here()
        return await paging.paginate(here, model_class, page, page_size, where, order_by, filters)

    async def paginate_keyset(
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

            users = await paginate_keyset(User, page_size=50, order_by="-created_at")
            more = await paginate_keyset(User, users.next, page_size=50, order_by="-created_at")

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
        here = self._source._here()
        return await paging.keyset(here, model_class, cursor, page_size, where, order_by, secret, filters)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} over {self._source!r}>"
