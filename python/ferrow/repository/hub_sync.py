"""What the sync hub and session have of their own: they hand out sync objects, each the same every time."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

from ferrow.orm.generic import M
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.driver.isolation import Isolation
    from ferrow.repository._sync import Repository, Session, UnifiedRepository
    from ferrow.repository.hub_finding import AsyncHubFinding
    from ferrow.repository.session import Block


class Handing:
    """The repositories of a sync hub."""

    __slots__ = ()

    if TYPE_CHECKING:
        _core: AsyncHubFinding

    def repo(self, model: type[M]) -> Repository[M]:
        """The repository of a model; the same one each time. Raises as `Repository`."""
        from ferrow.repository._sync import Repository

        core: Any = self._core.repo(model)
        found = core.__dict__.get("_face")
        if found is None:
            found = core._face = Repository._of(core)
        face: Repository[M] = found
        return face

    def register(self, model: type[M], *, ensure: bool | None = None) -> Repository[M]:
        """Say that a model is in use, and return its repository; `ensure` as for `Repository.register`."""
        repository = self.repo(model)
        repository.register(ensure=ensure)
        return repository


class SyncBlock:
    """`with session.begin()`: a transaction, and inside another one a savepoint."""

    __slots__ = ("_core", "_session")

    def __init__(self, session: Session, core: Block) -> None:
        self._session = session
        self._core = core

    def __enter__(self) -> Session:
        drive(self._core.__aenter__())
        return self._session

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))


class Beginning:
    """The blocks of a sync session."""

    __slots__ = ()

    @property
    def hub(self) -> UnifiedRepository:
        """The hub that does the work: this very object."""
        this: Any = self
        hub: UnifiedRepository = this
        return hub

    def begin(self, *, isolation: Isolation | None = None) -> SyncBlock:
        """A transaction for a block, `with session.begin() as session`; a block inside it is a savepoint.

        `isolation`: "read committed", "repeatable read" or "serializable"; None is the database's.
        """
        this: Any = self
        return SyncBlock(this, this._core.begin(isolation=isolation))

    def transaction(self, *, isolation: Isolation | None = None) -> SyncBlock:
        """Another name for `begin`; `isolation` as there."""
        return self.begin(isolation=isolation)
