"""The half of a hub that reads, and the repositories it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.abc import async_only
from ferrow.orm.generic import M
from ferrow.repository.place import Place
from ferrow.repository.registry import Registry, checked_conflict
from ferrow.repository.repository import AsyncRepository

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.ensure import Conflict
    from ferrow.orm.query import AsyncQuery
    from ferrow.repository.conditions import OrderInput, WhereInput
    from ferrow.repository.dialect import Dialect
    from ferrow.repository.related import RelatedResult
    from ferrow.repository.rows import Rows


class AsyncHubFinding:
    """What a hub finds, model by model."""

    def __init__(
        self,
        db: Any,
        *,
        auto_schema: bool = False,
        schema_conflict: Conflict = "raise",
        require_registration: bool = False,
        world: World | None = None,
    ) -> None:
        self._place = Place(db, world)
        self._engine: AsyncEngine = self._place.engine
        self._db = db
        self._auto = auto_schema
        self._conflict: Conflict = checked_conflict(schema_conflict)
        self._strict = require_registration
        self._registry = Registry()
        self._repositories: dict[type, AsyncRepository[Any]] = {}

    @property
    def db(self) -> Any:
        """The database or engine it was made with."""
        return self._db

    @property
    def d(self) -> Dialect:
        """How the database is spoken to in raw SQL."""
        return self._place.dialect

    @async_only
    def repo(self, model: type[M]) -> AsyncRepository[M]:
        """The repository of a model; the same one each time. Raises as `AsyncRepository`."""
        found = self._repositories.get(model)
        if found is None:
            found = AsyncRepository(
                self._db,
                model,
                auto_schema=self._auto,
                schema_conflict=self._conflict,
                require_registration=self._strict,
                registry=self._registry,
                world=self._engine.world,
            )
            found._siblings = self._repositories  # all of them are one another's, for relations
            self._repositories[model] = found
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {self._engine.url}>"

    # --- reading -----------------------------------------------------------------------------------------------------

    def query(self, model: type[M], where: WhereInput = None) -> AsyncQuery[M]:
        """A query over the rows of a model. As `AsyncRepository.query`: `where`."""
        return self.repo(model).query(where)

    async def get(self, model: type[M], pk_value: Any) -> M | None:
        """The instance of a model with a primary key, or None. As `AsyncRepository.get`: `pk_value`."""
        return await self.repo(model).get(pk_value)

    async def list(
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
        """The rows of a model that meet the conditions. As `AsyncRepository.list`: `where`, `order_by`, `limit`, `offset`, and `for_update`
        with `skip_locked` or `nowait`."""
        return await self.repo(model).list(
            where, order_by, limit, offset, for_update=for_update, skip_locked=skip_locked, nowait=nowait
        )

    async def count(self, model: type[Any], where: WhereInput = None) -> int:
        """How many rows of a model meet the conditions (`where`)."""
        return await self.repo(model).count(where)

    async def exists(self, model: type[Any], where: WhereInput = None) -> bool:
        """Whether a row of a model meets the conditions (`where`)."""
        return await self.repo(model).exists(where)

    async def get_related(
        self, model: type[M], pk_value: Any, *, include: str | Sequence[str]
    ) -> RelatedResult[M] | None:
        """The instance of a model with a primary key and what it is related to. As `AsyncRepository.get_related`: `pk_value`, `include`."""
        return await self.repo(model).get_related(pk_value, include=include)

    async def list_related(
        self,
        model: type[M],
        *,
        include: str | Sequence[str],
        where: WhereInput = None,
        order_by: OrderInput = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Rows[RelatedResult[M]]:
        """`list` with what the instances are related to. As `AsyncRepository.list_related`: `include`, `where`, `order_by`, `limit`, `offset`."""
        return await self.repo(model).list_related(
            include=include, where=where, order_by=order_by, limit=limit, offset=offset
        )
