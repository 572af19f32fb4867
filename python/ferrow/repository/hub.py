"""One object for all tables: `hub = AsyncUnifiedRepository(db)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, overload

from ferrow.abc import async_only
from ferrow.orm.generic import M
from ferrow.repository import routing
from ferrow.repository.hub_finding import AsyncHubFinding
from ferrow.repository.routing import NOTHING

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.engine.ensure import Conflict
    from ferrow.repository.conditions import WhereInput
    from ferrow.repository.repository import AsyncRepository
    from ferrow.repository.rows import Rows


class AsyncUnifiedRepository(AsyncHubFinding):
    """A hub: the repositories of all models of a database, made as they are needed.

        hub = AsyncUnifiedRepository(db, auto_schema=True)
        ada = await hub.insert(User(name="Ada"))
        adults = await hub.list(User, where=C.ge("age", 18))

    What writes takes the object alone, or its class before it; what reads takes the class first. Else its methods are those of
    `AsyncRepository`.

    Args:
        db: an `AsyncDatabase`, or an engine.
        auto_schema: this, `schema_conflict` and `require_registration` are as for `AsyncRepository`, for each model.
    """

    # It only passes on: the sync twin's constructor is made of it, and makes one of this class.
    def __init__(
        self,
        db: Any,
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
        world: World | None = None,
    ) -> None:
        super().__init__(
            db,
            auto_schema=auto_schema,
            schema_conflict=schema_conflict,
            require_registration=require_registration,
            world=world,
        )

    # --- registration ------------------------------------------------------------------------------------------------

    @async_only
    async def register(self, model: type[M], *, ensure: bool | None = None) -> AsyncRepository[M]:
        """Say that a model is in use, and return its repository; `ensure` as for `AsyncRepository.register`."""
        repository = self.repo(model)
        await repository.register(ensure=ensure)
        return repository

    async def register_many(self, models: Iterable[type[Any]], *, ensure: bool | None = None) -> None:
        """`register`, with its `ensure`, for each of them, in their order."""
        for model in models:
            await self.repo(model).register(ensure=ensure)

    def is_registered(self, model: type[Any]) -> bool:
        """Whether a model was registered, by `register` or by being used."""
        return self.repo(model).is_registered()

    # --- writing -----------------------------------------------------------------------------------------------------

    @overload
    async def insert(self, model: type[M], obj: M, /) -> M: ...
    @overload
    async def insert(self, obj: M, /) -> M: ...
    async def insert(self, model: Any, obj: Any = NOTHING, /) -> Any:
        """`insert(obj)`, or `insert(Model, obj)`. Returns and raises as `AsyncRepository.insert`."""
        cls, one = routing.one(model, obj)
        return await self.repo(cls)._own("insert")(one)

    @overload
    async def insert_many(self, model: type[M], objs: Iterable[M], /) -> Rows[M]: ...
    @overload
    async def insert_many(self, objs: Iterable[M], /) -> Rows[M]: ...
    async def insert_many(self, model: Any, objs: Any = NOTHING, /) -> Any:
        """`insert_many(objs)`, which are of one class and not none, or `insert_many(Model, objs)`. Else as `AsyncRepository.insert_many`.

        Raises ValueError for no objects without a class, TypeError for objects of several classes.
        """
        cls, members = routing.several(model, objs)
        return await self.repo(cls)._own("insert_many")(members)

    @overload
    async def update(self, model: type[M], obj: M, /) -> int: ...
    @overload
    async def update(self, obj: Any, /) -> int: ...
    async def update(self, model: Any, obj: Any = NOTHING, /) -> int:
        """`update(obj)`, or `update(Model, obj)`. Returns and raises as `AsyncRepository.update`."""
        cls, one = routing.one(model, obj)
        rows: int = await self.repo(cls)._own("update")(one)
        return rows

    @overload
    async def delete(self, model: type[M], obj: M, /) -> int: ...
    @overload
    async def delete(self, obj: Any, /) -> int: ...
    async def delete(self, model: Any, obj: Any = NOTHING, /) -> int:
        """`delete(obj)`, or `delete(Model, obj)`. Returns and raises as `AsyncRepository.delete`."""
        cls, one = routing.one(model, obj)
        rows: int = await self.repo(cls)._own("delete")(one)
        return rows

    @overload
    async def create(self, model: type[M], obj: M, /, *, relations: Mapping[str, Any] | None = None) -> M: ...
    @overload
    async def create(self, obj: M, /, *, relations: Mapping[str, Any] | None = None) -> M: ...
    async def create(self, model: Any, obj: Any = NOTHING, /, *, relations: Mapping[str, Any] | None = None) -> Any:
        """`create(obj)`, or `create(Model, obj)`; `relations` and the rest as for `AsyncRepository.create`."""
        cls, one = routing.one(model, obj)
        return await self.repo(cls)._own("create")(one, relations=relations)

    async def update_where(self, model: type[Any], values: Mapping[str, Any], *, where: WhereInput) -> int:
        """`AsyncRepository.update_where` of a model: `values`, `where`."""
        return await self.repo(model).update_where(values, where=where)

    async def delete_where(self, model: type[Any], *, where: WhereInput) -> int:
        """`AsyncRepository.delete_where` of a model: `where`."""
        return await self.repo(model).delete_where(where=where)

    async def get_or_create(
        self, model: type[M], *, lookup: Mapping[str, Any], defaults: Mapping[str, Any] | None = None
    ) -> tuple[M, bool]:
        """`AsyncRepository.get_or_create` of a model: `lookup`, `defaults`."""
        return await self.repo(model).get_or_create(lookup=lookup, defaults=defaults)
