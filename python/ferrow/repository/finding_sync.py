"""What a sync repository does by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from ferrow.engine.context import CHAIN
from ferrow.orm.generic import M
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.repository.finding import AsyncFinding


class FastPath(Generic[M]):
    """The work done without a coroutine, where one is felt.

    One row by its key over a connection of sqlite3, in microseconds: 5.8 over `drive`, 5.3 so (by hand, with the cursor: 3.8).
    """

    __slots__ = ()

    if TYPE_CHECKING:
        _core: AsyncFinding[M]

    def get(self, pk_value: Any) -> M | None:
        """The instance with a primary key, or None. For a key of several columns give a tuple or a dict.

        Raises DataError for a value of another type than the key's.
        """
        core = self._core
        engine = core._engine
        direct, getter = engine._direct, core._plan.getter
        if (
            direct is None
            or getter is None
            or getter.loading is not None
            or core._scoped
            or not core._gate.open
            or core._watched._closed
            or engine._limit is not None
            or CHAIN.get() is not None
        ):
            return drive(core.get(pk_value))
        try:
            found = direct.run(getter.sql, getter.finder(pk_value), getter.shape, getter.kinds)
        except StopIteration as error:
            # Of a model's constructor. It must not end the loop of who asked, as it could not leave a coroutine (PEP 479).
            raise RuntimeError("StopIteration was raised while a result was built") from error
        if found is None:
            return drive(core.get(pk_value))
        rows: list[M] = found.rows
        return rows[0] if rows else None
