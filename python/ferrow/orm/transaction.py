"""`async with session.begin() as tx`: a transaction that is a unit of work."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ferrow.engine.context import known, within
from ferrow.errors import InterfaceError
from ferrow.model.called import usual
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.missed import Missed
from ferrow.orm.unit.opened import ended, opened
from ferrow.orm.unit.unit import Unit

if TYPE_CHECKING:
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.context import Link
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.session import AsyncSession


class AsyncSessionTransaction:
    """A transaction of a session, made by `session.begin()`. What is added, changed and deleted waits for `flush`, for a query,
    or for the end of the block."""

    __slots__ = ("_inside", "_missed", "_options", "_scope", "_session", "_unit")

    def __init__(self, session: AsyncSession, *, isolation: Isolation | None = None, readonly: bool = False) -> None:
        self._session = session
        self._options = (isolation, readonly)
        self._scope: AsyncTransactionScope | None = None
        self._unit: Unit | None = None
        self._inside = False  # whether the unit is that of something around it
        self._missed: Missed | None = None

    def add(self, instance: object) -> Self:
        """Insert this instance later; its key is set then. Raises ModelError if it is not an instance of a model."""
        usual(type(instance))
        self._open().add(instance, self._link())
        return self

    def add_all(self, instances: Iterable[object]) -> Self:
        """Insert these instances later, of any models and in any order: rows that refer to others are inserted after those.

        Raises ModelError as `add`; those before the wrong one are pending.
        """
        for instance in instances:
            self.add(instance)
        return self

    def delete(self, instance: object) -> Self:
        """Delete the row of this instance later; one that was only added here is forgotten.

        The flush raises NoResultFound if there is no such row, StaleRow if it has a version and is not as it was read.

        Raises:
            ProgrammingError: the instance was never inserted.
        """
        self._open().remove(instance, self._link())
        return self

    async def flush(self) -> None:
        """Send now what was added, changed and deleted. If that fails, nothing of it was done, and all of it is still to be done."""
        unit, link = self._open(), self._link()
        assert link is not None
        with within(link):  # whichever thread or task has it
            await unit.flush()

    def _open(self) -> Unit:
        if self._scope is None or self._unit is None:
            raise InterfaceError(
                "the begin() block has ended, or was never entered: what begin() returns is for a block (`with` or `async with`)"
            )
        return self._unit

    def _link(self) -> Link | None:
        return None if self._scope is None else self._scope._link

    async def __aenter__(self) -> Self:
        if self._scope is not None:
            raise InterfaceError("this begin() block is open already; call begin() again for another one")
        isolation, readonly = self._options
        session = self._session
        unit = unit_of(session._engine)
        scope = session._engine.transaction(isolation=isolation, readonly=readonly)
        self._inside = unit is not None
        if unit is not None:
            await unit.enter(scope)
        else:
            unit = Unit(session._engine, autoflush=session._autoflush)
            await scope.__aenter__()
            scope._observe(unit)
            opened(unit)
        self._scope, self._unit = scope, unit
        self._missed = Missed(session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        link = self._link()
        assert link is not None
        elsewhere = error is None and not known(link)
        with within(link):
            await self._left(kind, error, traceback, elsewhere=elsewhere)

    async def _left(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        *,
        elsewhere: bool,
    ) -> None:
        unit, scope = self._unit, self._scope
        assert scope is not None
        assert unit is not None
        try:
            if error is None:
                if elsewhere and self._missed is not None:
                    self._missed.check(unit)
                await unit.flush(last=True)
        except BaseException as failed:
            await scope.__aexit__(type(failed), failed, failed.__traceback__)
            raise
        else:
            await scope.__aexit__(kind, error, traceback)
        finally:
            self._scope = self._unit = self._missed = None
            self._session._loaded = False  # what was read inside has been written
            if self._inside:
                unit.exited()
            else:
                ended(unit)
