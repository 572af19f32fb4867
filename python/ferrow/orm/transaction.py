"""`async with session.begin() as tx`: a transaction, and what is to be written at its end."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import InterfaceError
from ferrow.model import table_of
from ferrow.orm.inserting import insert_all
from ferrow.orm.removing import remove_all

if TYPE_CHECKING:
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.session import AsyncSession


class AsyncSessionTransaction:
    """A transaction of a session, made by `session.begin()`. What is added and deleted waits for the end of the block, or `flush`."""

    __slots__ = ("_added", "_deleted", "_options", "_scope", "_session")

    def __init__(self, session: AsyncSession, *, isolation: Isolation | None = None, readonly: bool = False) -> None:
        self._session = session
        self._options = (isolation, readonly)
        self._scope: AsyncTransactionScope | None = None
        # By identity, in order: an instance that is added twice is one row.
        self._added: dict[int, Any] = {}
        self._deleted: dict[int, Any] = {}

    def add(self, instance: object) -> Self:
        """Insert this instance later; its key is set then. Raises ModelError if it is not an instance of a model."""
        self._must_be_open()
        table_of(type(instance))
        self._added[id(instance)] = instance
        return self

    def add_all(self, instances: Iterable[object]) -> Self:
        """Insert these instances later, rows that refer to others after those."""
        for instance in instances:
            self.add(instance)
        return self

    def delete(self, instance: object) -> Self:
        """Delete the row of this instance later; one that was only added here is forgotten.

        The flush raises NoResultFound if there is no such row.
        """
        self._must_be_open()
        table_of(type(instance))
        if self._added.pop(id(instance), None) is None:
            self._deleted[id(instance)] = instance
        return self

    async def flush(self) -> None:
        """Send now what was added and deleted: first all inserts, then all deletes.

        After an error nothing of it is tried again; let the error leave the block, which rolls everything back.
        """
        self._must_be_open()
        added, deleted = [*self._added.values()], [*self._deleted.values()]
        self._forget()
        session = self._session
        if added:
            await insert_all(session._engine, session._dialect, added)
        if deleted:
            await remove_all(session._engine, session._dialect, deleted)

    def _forget(self) -> None:
        self._added, self._deleted = {}, {}

    def _must_be_open(self) -> None:
        if self._scope is None:
            raise InterfaceError(
                "the begin() block has ended, or was never entered: what begin() returns is for a block (`with` or `async with`)"
            )

    async def __aenter__(self) -> Self:
        if self._scope is not None:
            raise InterfaceError("this begin() block is open already; call begin() again for another one")
        isolation, readonly = self._options
        scope = self._session._engine.transaction(isolation=isolation, readonly=readonly)
        await scope.__aenter__()
        self._scope = scope
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        scope = self._scope
        assert scope is not None
        try:
            if error is None:
                await self.flush()
        except BaseException as failed:
            await scope.__aexit__(type(failed), failed, failed.__traceback__)
            raise
        else:
            await scope.__aexit__(kind, error, traceback)
        finally:
            self._forget()
            self._scope = None
