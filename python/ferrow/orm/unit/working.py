"""The half of a session that is a unit of work: what is to be written, and when."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow.abc import async_only
from ferrow.errors import InterfaceError, ProgrammingError
from ferrow.model.called import usual
from ferrow.orm.generic import M
from ferrow.orm.several import several, single
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.bare import Bare
from ferrow.orm.unit.block import Block
from ferrow.orm.unit.engine import UnitEngine
from ferrow.orm.unit.opened import Done, ended, opened
from ferrow.orm.unit.unit import Unit

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.loading.option import Path

_HINT = "`with Session(engine) as session:` (with await: `async with AsyncSession(engine) as session:`)"


class Deleting:
    """What of it is not the same in sync code."""

    __slots__ = ()

    _core: AsyncWorking

    def delete(self, instance: object) -> None:
        """Delete the row of an instance at the next flush; one that was only added is forgotten.

        The flush raises NoResultFound if there is no such row, StaleRow if it has a version and is not as it was read.

        Raises:
            ProgrammingError: the instance was never inserted.
        """
        single(instance, "delete")
        self._core._unit().remove(instance)


class AsyncWorking:
    """What a session is to write, and when it does."""

    __slots__ = ("_autoflush", "_bare", "_engine", "_loaded")

    _names = staticmethod(usual)
    """Raises ModelError for a class whose table another face has called something else."""

    if TYPE_CHECKING:
        _engine: AsyncEngine
        _autoflush: bool
        _bare: Bare | None
        _loaded: bool

    def _unit(self) -> Unit:
        unit = unit_of(self._engine)
        if unit is None:
            unit = self._bare
            if unit is None:
                unit = self._bare = Bare(self._engine, autoflush=False)
        return unit

    def _following(self, doing: str) -> Unit:
        unit = unit_of(self._engine)
        if unit is None:
            msg = f"{doing}() needs a session that follows its instances: write {_HINT}, begin() or session_context()"
            raise ProgrammingError(msg)
        return unit

    # --- what is pending ---------------------------------------------------------------------------------------------

    def add(self, instance: object) -> None:
        """Insert an instance at the next flush; its key is set then. One that the unit of work follows is saved anyway.

        Raises:
            ModelError: it is not an instance of a model.
        """
        single(instance, "add")
        self._names(type(instance))
        self._unit().add(instance)

    def add_all(self, instances: Iterable[object]) -> None:
        """`add` for each of the `instances`, of any models and in any order: rows that refer to others are inserted after those.

        Raises:
            ModelError: one is not an instance of a model; those before it are pending.
        """
        unit = self._unit()
        for instance in several(instances, "add_all"):
            self._names(type(instance))
            unit.add(instance)

    @async_only
    def delete(self, instance: object) -> Awaitable[None]:
        """Delete the row of an instance at the next flush; one that was only added is forgotten.

        The flush raises NoResultFound if there is no such row, StaleRow if it has a version and is not as it was read. Nothing is sent
        now, so it need not be awaited, like `add`; it may be.

        Raises:
            ProgrammingError: the instance was never inserted.
        """
        single(instance, "delete")
        self._unit().remove(instance)
        return Done(None)

    def expunge(self, instance: object) -> None:
        """Forget an instance: its changes are not written, nor is it inserted or deleted.

        Raises:
            ProgrammingError: it does not belong to the unit of work.
        """
        self._unit().expunge(instance)

    def expunge_all(self) -> None:
        """Forget all instances, and what was to be written for them."""
        self._unit().expunge_all()

    def is_modified(self, instance: object) -> bool:
        """Whether an instance has something to be written: it is new, or an attribute or relation differs from what was read.

        Raises:
            ProgrammingError: it does not belong to the unit of work.
        """
        return bool(self._unit().changed_names(instance))

    @property
    def new(self) -> list[Any]:
        """What was added and is not inserted yet."""
        return [*self._unit().added.values()]

    @property
    def dirty(self) -> list[Any]:
        """The followed instances with attributes or relations that differ from what was read."""
        return self._unit().dirty

    @property
    def deleted(self) -> list[Any]:
        """What is to be deleted at the next flush."""
        return [*self._unit().removed.values()]

    def __contains__(self, instance: object) -> bool:
        unit = self._unit()
        return id(instance) in unit.added or unit.place(instance) is not None

    # --- writing it --------------------------------------------------------------------------------------------------

    async def flush(self) -> None:
        """Write what is pending: new instances, changed attributes, deletions.

        In a session's block that begins a transaction, if none is open, which lasts until `commit` or `rollback`; outside of any
        block the flush is committed at once. If it fails, nothing of it was done and all of it is still pending.

        Raises:
            IntegrityError: or another error of the database.
            NoResultFound: a row to change or delete is not there any more.
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: new instances refer to each other in a circle.
        """
        await self._unit().flush()

    async def commit(self) -> None:
        """Write what is pending and commit. If that fails, what is not saved is pending again. Raises as `flush`, and:

        Raises:
            ProgrammingError: inside `begin()`; or nothing is followed here, and instances were read whose changes would be lost.
            CommitUnknown: the answer of the database was lost.
            PoolTimeout: for `acquire_timeout` another task or thread that shares the block was writing, or in a transaction() block. Nothing
                has ended, and it may be called again.
        """
        unit = unit_of(self._engine)
        if isinstance(unit, Block):
            await unit.commit()
            return
        if unit is not None:
            raise ProgrammingError("commit() inside a begin() block, which commits at its end: leave it, or flush()")
        loaded, self._loaded = self._loaded, False
        if self._bare is not None and self._bare.must_write():
            await self._bare.flush()
            self._bare.committed()
        elif loaded:
            raise ProgrammingError(
                "commit() has nothing to write. Outside of a block each call commits by itself, and changed attributes of instances that were "
                f"read are not noticed. For that write {_HINT}; or session.update(instance)"
            )

    async def rollback(self) -> None:
        """Undo what was written since the last commit, and forget what is pending.

        Instances that have rows stay followed, with the values of their rows as they were last read or committed; those whose rows
        are undone have no key any more, and can be added again.

        Raises:
            ProgrammingError: inside `begin()`, which is rolled back when an exception leaves it.
            PoolTimeout: as `commit`.
        """
        unit = unit_of(self._engine)
        if isinstance(unit, Block):
            await unit.rollback()
        elif unit is not None:
            raise ProgrammingError("rollback() inside a begin() block: let an exception leave it")
        elif self._bare is not None:
            self._bare.undone_since(self._bare.beginning)

    # --- rows read again ---------------------------------------------------------------------------------------------

    async def refresh(self, instance: object, *attributes: Path) -> None:
        """Read the row of an instance and set its attributes to what is there; unsaved changes to them are lost.

            await session.refresh(user)
            await session.refresh(user, User.visits, "posts.comments")

        Args:
            instance: of any session, or none.
            attributes: only these columns and relations, by name or as attributes of the class. Without any, all columns; relations
                that were loaded stay, unless the foreign key leads elsewhere now.

        Raises:
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance was never inserted.
            UnknownColumn: no such column; names the nearest.
        """
        from ferrow.orm.unit.refreshing import refresh

        single(instance, "refresh")
        engine, unit = self._engine, unit_of(self._engine)
        if unit is None:
            await refresh(engine, None, instance, attributes)
            return
        async with unit.quiet(writes=False):
            await refresh(engine, unit, instance, attributes)

    async def merge(self, instance: M) -> M:
        """The instance that this unit of work has for the same row, with the values of the one that is given.

        It is read if need be. Without a row (or a key) it is a copy, which is added. For what another session or a form gave.

        Raises:
            ProgrammingError: the session follows nothing.
            StaleRow: the model has a version, and the row has another one.
        """
        from ferrow.orm.unit.refreshing import merge

        single(instance, "merge")
        made: M = await merge(self._engine, self._following("merge"), instance)
        return made

    # --- the block -----------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """End the use of the session; in its block, roll back and forget. The engine stays open."""
        if isinstance(unit := unit_of(self._engine), Block):
            await unit.rollback()
            unit.forget()

    async def __aenter__(self) -> Self:
        self._enter()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._leave().close(error)

    def _enter(self) -> Block:
        if isinstance(self._engine, UnitEngine):
            raise InterfaceError("this session's block is open already; make another Session for another block")
        unit = Block(self._engine, autoflush=self._autoflush)
        if self._bare is not None:
            unit.added, unit.removed, self._bare = self._bare.added, self._bare.removed, None
        self._engine = UnitEngine(self._engine, unit)
        opened(unit)
        return unit

    def _leave(self) -> Block:
        engine = self._engine
        assert isinstance(engine, UnitEngine)
        self._engine = engine._real
        self._loaded = False
        ended(engine.unit)
        return engine.unit
