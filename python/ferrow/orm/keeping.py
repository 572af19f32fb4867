"""What a session does about rows beyond inserting and changing one: soft deletion, many changes at once, what follows a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm.generic import M
from ferrow.orm.marking import mark
from ferrow.orm.plan import plan_of
from ferrow.orm.removing import force_delete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.statements.conflict import Names
    from ferrow.orm.upserted import Upserted
    from ferrow.sql import Dialect, Expr


class AsyncKeeping:
    """The part of a session that is not needed every day."""

    __slots__ = ("_dialect", "_engine")

    if TYPE_CHECKING:
        _dialect: Dialect
        _engine: AsyncEngine

    # --- soft deletion -----------------------------------------------------------------------------------------------

    async def soft_delete(self, instance: M) -> M:
        """Mark the row of an instance as deleted and return the instance; one that is marked keeps its moment.

        Related rows are left as they are.

        Raises:
            NoSoftDelete: the model has no soft deletion (a TypeError).
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        await mark(self._engine, plan_of(type(instance), self._dialect), instance, purpose="soft-delete")
        return instance

    async def restore(self, instance: M) -> M:
        """Take the mark of soft deletion away and return the instance. Raises as `soft_delete`."""
        await mark(self._engine, plan_of(type(instance), self._dialect), instance, purpose="restore")
        return instance

    async def force_delete(self, instance: object) -> None:
        """Delete the row of an instance, also of a model with soft deletion, marked or not. Raises as `remove`."""
        await force_delete(self._engine, self._dialect, instance)
