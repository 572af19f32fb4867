"""What every part of a repository stands on: its model, its database, and whether the model is registered and its table there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from ferrow.orm.faceless import FacelessSession
from ferrow.orm.generic import M
from ferrow.orm.plan import Plan, plan_of
from ferrow.repository import criteria as choosing
from ferrow.repository.errors import InvalidArgument, InvalidType
from ferrow.repository.meaning import Understanding
from ferrow.repository.metadata import ModelMetadata, build_model_metadata
from ferrow.repository.place import Place
from ferrow.repository.registry import CLOSED, OPEN, Registry, checked_conflict, gate, prepare_table
from ferrow.repository.validation.model import ValidatedModel

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.ensure import Conflict
    from ferrow.orm.criteria import Criteria
    from ferrow.repository.database import AsyncDatabase
    from ferrow.repository.dialect import Dialect


class _Never:
    """A database that is never closed: an engine says by itself when it is."""

    _closed = False


_NEVER = _Never()


class AsyncRegistering(Generic[M]):
    """The model of a repository, and how it is registered."""

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
        self._place = Place(db, world)
        self._engine: AsyncEngine = self._place.engine
        self._database: AsyncDatabase | None = self._place.database
        self._db = db
        self._model = model
        self._auto = auto_schema
        self._conflict: Conflict = checked_conflict(schema_conflict)
        self._strict = require_registration
        self._registry = Registry() if registry is None else registry
        self._gate = CLOSED
        self._replaced: dict[str, Any] = {}
        self._meta = build_model_metadata(model)
        self._plan: Plan[M] = plan_of(model, self._engine.dialect)
        self._meaning = Understanding(self._plan.words)
        self._all = choosing.every(self._plan)
        self._scoped = self._plan.table.visible is not None
        self._session = FacelessSession(self._engine)
        self._validated = issubclass(model, ValidatedModel)
        self._watched: Any = _NEVER if self._database is None else self._database

    # --- what it is --------------------------------------------------------------------------------------------------

    @property
    def db(self) -> Any:
        """The database or engine it was made with."""
        return self._db

    @property
    def model(self) -> type[M]:
        """The class."""
        return self._model

    @property
    def d(self) -> Dialect:
        """How the database is spoken to in raw SQL."""
        return self._place.dialect

    @property
    def meta(self) -> ModelMetadata:
        """Table, columns and key of the model."""
        return self._meta

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._model.__name__} on {self._engine.url}>"

    # --- registration ------------------------------------------------------------------------------------------------

    async def register(self, *, ensure: bool | None = None) -> None:
        """Say that the model is in use, which `require_registration` waits for.

        Args:
            ensure: True creates or completes the table now; False leaves it alone from now on, also with `auto_schema`; None does as
                `auto_schema` says.

        Raises:
            ValueError: the table cannot be completed (see `ensure_schema`).
        """
        registry, model = self._registry, self._model
        if ensure is False:
            registry.left.add(model)
        elif ensure and model not in registry.ensured:
            await prepare_table(self._engine, model, self._conflict, registry)
            registry.ensured.add(model)
        watched = self._auto and model not in registry.left
        if ensure is None and watched and not gate(self._engine, model).lets(self._engine):
            await prepare_table(self._engine, model, self._conflict, registry)
        registry.models.add(model)
        self._gate = gate(self._engine, model) if watched else OPEN

    async def register_many(self, *, ensure: bool | None = None) -> None:
        """The same as `register`, with its `ensure`, for the one model there is."""
        await self.register(ensure=ensure)

    def is_registered(self) -> bool:
        """Whether the model was registered, by `register` or by being used."""
        return self._model in self._registry.models

    async def _prepare(self) -> None:
        """Whatever has to happen before the first action."""
        self._watch()
        if not self._gate.open and not self._gate.lets(self._engine):
            await self.register()

    def _watch(self) -> None:
        """Raises for a database that was closed, or a model that should have been registered."""
        if self._database is not None:
            self._database._check()
        if self._strict and self._model not in self._registry.models:
            raise InvalidArgument(
                f"Model {self._model.__name__} is not registered. Call register() before performing actions."
            )

    # --- checks ------------------------------------------------------------------------------------------------------

    def _all_rows(self) -> Criteria:
        """Every row that is seen: which these are may change from call to call."""
        return choosing.every(self._plan) if self._scoped else self._all

    def _own(self, name: str) -> Any:
        """A method as the program may have replaced it on the object, or on its sync face."""
        return self._replaced.get(name) or getattr(self, name)

    def _must_be_mine(self, obj: Any, doing: str) -> None:
        if type(obj) is not self._model:
            name = self._model.__name__
            raise InvalidType(f"{doing}() of the repository of {name} takes instances of {name}, not {obj!r}")

    def _must_have_key(self, obj: Any, doing: str) -> None:
        if any(getattr(obj, column.key, None) is None for column in self._plan.table.primary_key):
            raise InvalidArgument(f"Cannot {doing} without PK set on object.")
