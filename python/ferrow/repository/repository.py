"""One object per table: `repo = AsyncRepository(db, User)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current
from ferrow.model.binding import binding
from ferrow.orm.generic import M
from ferrow.repository import related
from ferrow.repository.conditions import C
from ferrow.repository.creating import create
from ferrow.repository.errors import InvalidType
from ferrow.repository.inferring import Relations
from ferrow.repository.related import RelatedResult
from ferrow.repository.storing import AsyncStoring
from ferrow.repository.unique import check_lookup

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.engine.ensure import Conflict
    from ferrow.repository.conditions import OrderInput, WhereInput
    from ferrow.repository.registry import Registry
    from ferrow.repository.rows import Rows


class AsyncRepository(AsyncStoring[M]):
    """The rows of one model: dataclass, typed class or Pydantic model.

        users = AsyncRepository(db, User)
        ada = await users.insert(User(name="Ada"))
        adults = await users.list(where=C.ge("age", 18), order_by=OrderBy("name"), limit=10)

    Each call commits by itself; inside `db.transaction()`, or a transaction of the engine or a session of it, it belongs to that. All
    names are checked against the model before anything is sent. A repository may be shared by tasks.

    Args:
        db: an `AsyncDatabase`, or an engine.
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

    def __init__(
        self,
        db: Any,
        model: type[M],
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
        registry: Registry | None = None,
        world: World | None = None,
    ) -> None:
        super().__init__(
            db,
            model,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            registry=registry,
            world=world,
        )
        self._relations = Relations(model)
        self._siblings: dict[type, AsyncRepository[Any]] = {model: self}

    # --- both --------------------------------------------------------------------------------------------------------

    async def get_or_create(
        self, *, lookup: Mapping[str, Any], defaults: Mapping[str, Any] | None = None
    ) -> tuple[M, bool]:
        """The row that has these values, made if there is none; and whether it was made.

            user, created = await users.get_or_create(lookup={"email": "ada@example.org"}, defaults={"name": "Ada"})

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
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        defaults = defaults or {}
        check_lookup(self._plan.table, lookup, defaults)
        where = [C.eq(name, value) for name, value in lookup.items()]
        if None in lookup.values():
            found = await self.list(where=where, limit=1)
            if found:
                return found[0], False
        obj: M = binding(self._model).make({**lookup, **defaults})
        try:
            if self._place.given or current(self._engine) is not None:
                async with self._engine.transaction():
                    return await self._own("insert")(obj), True
            return await self._own("insert")(obj), True
        except Exception as error:
            # By its name, since `insert` may have been replaced by one that talks to another driver.
            if not any(cls.__name__ == "IntegrityError" for cls in type(error).__mro__):
                raise
            there = await self.list(where=where, limit=1)
            if not there and self._plan.dialect.reads_as_of_start and current(self._engine) is not None:
                # Who asks for a lock sees the database as it is.
                there = await self.list(where=where, limit=1, for_update=True)
            if not there:
                raise
            return there[0], False

    # --- relations ---------------------------------------------------------------------------------------------------

    async def create(self, obj: M, *, relations: Mapping[str, Any] | None = None) -> M:
        """Insert an instance and what it is related to, in one transaction; without relations the same as `insert`.

            await authors.create(Author(name="Ada"), relations={"posts": [Post(title="One"), Post(title="Two")]})

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
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        if not relations:
            made: M = await self._own("insert")(obj)
            return made
        self._must_be_mine(obj, "create")
        if not isinstance(relations, Mapping):
            raise InvalidType(f"create() takes related objects by relation, as {{'posts': [...]}}, not {relations!r}.")
        await create(self, obj, relations)
        return obj

    async def get_related(self, pk_value: Any, *, include: str | Sequence[str]) -> RelatedResult[M] | None:
        """The instance with a primary key and what it is related to, or None.

            found = await authors.get_related(1, include=["posts"])
            print(found.obj.name, found.relations["posts"])

        Args:
            pk_value: as for `get`.
            include: names of relations.

        Raises:
            ValueError: the model has no such relation.
            TypeError: a name that is no text.
        """
        links = await self._included(include)
        found = await self.get(pk_value)
        return None if found is None else (await self._with_related([found], links))[0]

    async def list_related(
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
        links = await self._included(include)
        return await self._with_related(await self.list(where, order_by, limit, offset), links)

    async def _included(self, include: str | Iterable[str]) -> dict[str, Any]:
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        links = {name: self._relations.link(name) for name in related.names_of(include)}
        for link in links.values():
            await self._sibling(link.model)._prepare()
        return links

    async def _with_related(self, rows: Sequence[M], links: Mapping[str, Any]) -> Rows[RelatedResult[M]]:
        results = [RelatedResult(row) for row in rows]
        for name, link in links.items():
            for result, found in zip(
                results, await related.read(self._engine, self._plan.dialect, link, rows), strict=True
            ):
                result.relations[name] = found
        return results

    def _sibling(self, model: type) -> AsyncRepository[Any]:
        """The repository of a related model, with the same options."""
        found = self._siblings.get(model)
        if found is None:
            found = self._siblings[model] = self._beside(model)
        return found

    def _beside(self, model: type[Any]) -> AsyncRepository[Any]:
        made: AsyncRepository[Any] = AsyncRepository(
            self._db,
            model,
            auto_schema=self._auto,
            schema_conflict=self._conflict,
            require_registration=self._strict,
            registry=self._registry,
            world=self._engine.world,
        )
        made._siblings = self._siblings
        return made

    async def _known(self, keys: Sequence[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
        """Those of these keys that have a row."""
        if not keys:
            return set()
        names = [column.key for column in self._plan.table.primary_key]
        if len(names) == 1:
            where: Any = C.in_(names[0], [key for (key,) in keys])
        else:
            where = C.or_([C.and_([C.eq(name, part) for name, part in zip(names, key, strict=True)]) for key in keys])
        query = self._session.query(self._model).filter(*self._meaning.where(where))
        return {tuple(row) for row in await query.values_list(*names)}
