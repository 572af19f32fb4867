"""What a session does about rows beyond inserting and changing one: soft deletion, many changes at once, what follows a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.engine.following import follow
from ferrow.orm.generic import M
from ferrow.orm.marking import Purpose, mark
from ferrow.orm.plan import plan_of
from ferrow.orm.removing import force_delete
from ferrow.orm.several import several, single
from ferrow.orm.storing import AsyncStoring
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.bare import Bare
from ferrow.orm.unit.block import Block
from ferrow.orm.unit.sent import Sent
from ferrow.orm.updating_all import update_all
from ferrow.orm.upserted import Upserted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ferrow.orm.statements.conflict import Names


class AsyncKeeping(AsyncStoring):
    """The part of a session that is not needed every day."""

    __slots__ = ()

    # --- soft deletion -----------------------------------------------------------------------------------------------

    async def soft_delete(self, instance: M) -> M:
        """Mark the row of an instance as deleted and return the instance; one that is marked keeps its moment.

        Related rows are left as they are.

        Raises:
            NoSoftDelete: the model has no soft deletion (a TypeError).
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        return await self._marked(instance, "soft-delete")

    async def restore(self, instance: M) -> M:
        """Take the mark of soft deletion away and return the instance. Raises as `soft_delete`."""
        return await self._marked(instance, "restore")

    async def _marked(self, instance: M, purpose: Purpose) -> M:
        single(instance, purpose.replace("-", "_"))
        plan = plan_of(type(instance), self._dialect)
        unit = unit_of(self._engine)
        if unit is None:
            await mark(self._engine, plan, instance, purpose=purpose)
            return instance
        async with unit.at_once():
            keys = await mark(self._engine, plan, instance, purpose=purpose)
            unit.written(instance, keys)
        return instance

    async def force_delete(self, instance: object) -> None:
        """Delete the row of an instance, also of a model with soft deletion, marked or not. Raises as `remove`."""
        single(instance, "force_delete")
        unit = unit_of(self._engine)
        if unit is None:
            await force_delete(self._engine, self._dialect, instance)
            return
        async with unit.at_once():
            await force_delete(self._engine, self._dialect, instance)
            unit.deleted(instance)

    # --- many at once ------------------------------------------------------------------------------------------------

    async def update_all(self, instances: Iterable[M], *columns: Names) -> list[M]:
        """Write columns of many instances, each with its own values, all or none, and return the instances in their order.

            for product in products:
                product.price = product.price * 2
            await session.update_all(products, "price")

        Up to a thousand rows of a model are one statement.

        Args:
            instances: of one model or several; none twice.
            columns: which, by name or as `Product.price`; without any, all but the key. Of instances that a unit of work follows, then,
                those that have changed, as `update` does: a statement for each set of columns.

        Raises:
            UnknownColumn: a model has no such column.
            NoResultFound: a row does not exist (any more); then none is changed.
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: an instance that was never inserted, or two of one row.
            DataError: a value that does not fit its column.
        """
        members = several(instances, "update_all")
        unit = unit_of(self._engine)
        if unit is None:
            await update_all(self._engine, self._dialect, members, columns)
            return members
        async with unit.quiet():
            changes = await update_all(
                self._engine, self._dialect, members, columns, lambda one: Sent(unit, one).changed()
            )
            for change in changes:
                for instance in change.instances:
                    unit.written(instance, change.written)
        return members

    async def remove_all(self, instances: Iterable[object]) -> None:
        """Delete the rows of many instances, all or none; those of models with soft deletion are marked, as `remove` does.

        They may be of several models; rows that refer to others are deleted before those. In a unit of work what is pending
        besides is written too.

        Raises:
            NoResultFound: a row does not exist (any more); then none is deleted.
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: an instance that was never inserted.
        """
        members = several(instances, "remove_all")
        unit = unit_of(self._engine)
        own = Bare(self._engine, autoflush=False) if unit is None else unit
        before = dict(own.removed)
        try:
            for instance in members:
                own.remove(instance)
        except BaseException:
            own.removed = before
            raise
        await own.flush()
        if own is not unit:
            own.committed()

    async def create_or_update(
        self,
        instance: M,
        conflict_target: Names,
        update_fields: Sequence[str] | None = None,
        do_nothing: bool = False,
    ) -> Upserted[M]:
        """`upsert`, which also says whether the row is new: `user, created = await session.create_or_update(user, "email")`.

        Arguments and errors as for `upsert`: `conflict_target`, `update_fields`, `do_nothing`.
        """
        single(instance, "create_or_update")
        (found,) = await self.create_or_update_all([instance], conflict_target, update_fields, do_nothing)
        return found

    async def create_or_update_all(
        self,
        instances: Iterable[M],
        conflict_target: Names,
        update_fields: Sequence[str] | None = None,
        do_nothing: bool = False,
    ) -> list[Upserted[M]]:
        """`upsert_all`, which also says of each whether its row is new, in their order.

        Of two instances of one row the later one finds it there. Arguments and errors as for `upsert_all`: `conflict_target`,
        `update_fields`, `do_nothing`.
        """
        members = several(instances, "create_or_update_all")
        found, new = await self._upserted(members, conflict_target, update_fields, nothing=do_nothing, telling=True)
        return [Upserted(*pair) for pair in zip(found, new, strict=True)]

    # --- what follows a transaction ----------------------------------------------------------------------------------

    def after_commit(self, callback: Callable[[], Any]) -> None:
        """Call something, without arguments, once the outermost transaction around this is committed: `after_commit(send_mail)`.

        It is not called if what was done here is rolled back, be it to the savepoint of an inner block, or if nobody knows
        (CommitUnknown). It runs after the block, outside of any transaction; a coroutine function only in async code. What it raises
        undoes nothing: all callbacks are called, then their errors leave the block as an ExceptionGroup.

        Raises:
            ProgrammingError: no transaction is open here, or a coroutine function in sync code.
        """
        self._follow(callback, committed=True)

    def after_rollback(self, callback: Callable[[], Any]) -> None:
        """Call something once the outermost transaction around this has ended, if what was done here was rolled back.

        Errors in it are notes of the error that led to the rollback. Else as `after_commit`.

        Raises:
            ProgrammingError: as `after_commit`.
        """
        self._follow(callback, committed=False)

    def _follow(self, callback: Callable[[], Any], *, committed: bool) -> None:
        unit = unit_of(self._engine)
        if isinstance(unit, Block):
            unit.follow(callback, committed=committed)
        else:
            follow(self._engine, callback, committed=committed)
