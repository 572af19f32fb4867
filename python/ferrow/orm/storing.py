"""How a session writes instances at once, without waiting for a flush: insert, update, remove, upsert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import classes
from ferrow.orm.generic import M
from ferrow.orm.inserting import insert, insert_all
from ferrow.orm.removing import remove
from ferrow.orm.several import distinct, several, single
from ferrow.orm.unit import relations
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.sent import Sent
from ferrow.orm.unit.working import AsyncWorking
from ferrow.orm.updating import update
from ferrow.orm.upserting import upsert_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ferrow.orm.statements.conflict import Names
    from ferrow.sql import Dialect


class AsyncStoring(AsyncWorking):
    """The part of a session that writes instances at once."""

    __slots__ = ("_dialect",)

    if TYPE_CHECKING:
        _dialect: Dialect

    async def insert(self, instance: M) -> M:
        """Insert one instance and return it, with its generated key and server defaults filled in.

        Raises:
            UniqueViolation: or another IntegrityError of the database.
            DataError: a value that does not fit its column.
        """
        self._names(type(instance))
        unit = unit_of(self._engine)
        if unit is None:
            return await insert(self._engine, self._dialect, instance)
        if await relations.inserted(unit, [instance]):
            return instance
        async with unit.at_once():
            with unit.inserting([instance]):
                return await insert(self._engine, self._dialect, instance)

    async def insert_all(self, instances: Iterable[M]) -> list[M]:
        """Insert many instances, all or none, and return them in their order, with what the server generated.

        They may be of several models; each model's rows are sent after those it refers to. Raises as `insert`, and:

        Raises:
            ProgrammingError: an instance that is there twice.
            ValueError: a trigger or a rule left rows out that were to return their keys. The others are committed, unless a
                transaction is open: then let the error leave it.
        """
        members = several(instances, "insert_all")
        distinct(members, "insert_all")
        for model in classes(members):
            self._names(model)
        if (unit := unit_of(self._engine)) is None:
            await insert_all(self._engine, self._dialect, members)
        elif not await relations.inserted(unit, members):
            async with unit.at_once():
                with unit.inserting(members):
                    await insert_all(self._engine, self._dialect, members)
        return members

    async def update(self, instance: M, /, **values: Any) -> M:
        """Set attributes of an instance and write them to its row; without values, write all columns but the key.

        Without values, what others have written to the row since it was read is overwritten. Not of an instance that the unit of
        work follows: then what has changed since is written, and nothing else; if nothing has, the row is looked at, and what is
        raised is the same.

        A value may be an expression (`visits=User.visits + 1`); the attribute then gets what the database computed. If
        anything goes wrong the instance is left as it was.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            NoResultFound: the row does not exist (any more).
            StaleRow: it has a version, and was changed by somebody else.
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        single(instance, "update")
        unit = unit_of(self._engine)
        if unit is None:
            return await update(self._engine, self._dialect, instance, values)
        due = not values and unit.autoflush and (id(instance) in unit.added or bool(Sent(unit, instance).changed()))
        async with unit.at_once():
            sent = Sent(unit, instance)
            sent.looked = due
            await update(self._engine, self._dialect, instance, values, sent)
            unit.written(instance, sent.keys, sent.now)
        return instance

    async def remove(self, instance: object) -> None:
        """Delete the row of an instance; of a model with soft deletion, mark it as deleted, as `soft_delete` does.

        Raises:
            NoResultFound: the row does not exist (any more).
            ProgrammingError: the instance has no key, so it was never inserted.
        """
        single(instance, "remove")
        unit = unit_of(self._engine)
        if unit is None:
            await remove(self._engine, self._dialect, instance)
            return
        async with unit.at_once():
            await remove(self._engine, self._dialect, instance)
            unit.deleted(instance)

    async def upsert(
        self,
        instance: M,
        conflict_target: Names,
        update_fields: Sequence[str] | None = None,
        do_nothing: bool = False,
    ) -> M:
        """Insert an instance, or change the row that is there already; return it as its row is now.

            user = await session.upsert(User(email="ada@example.com", name="Ada"), "email")

        Where the unit of work follows the row already, its instance is returned, with the values of the row.

        Args:
            instance: what to insert. All of its attributes are filled from the row.
            conflict_target: the column or columns, which have a unique constraint, by which a row is recognised.
            update_fields: what to change in a row that is there. None or empty: what the instance was given, except target and
                primary key. What it leaves at its default (or None) is never written over, and neither are columns whose default
                is a function: name them here to do so. Pydantic models know exactly what they were given.
            do_nothing: leave a row that is there as it is.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: the target has no unique constraint; `update_fields` with `do_nothing`.
            IntegrityError: another constraint is in the way.
        """
        single(instance, "upsert")
        (found,) = await self.upsert_all([instance], conflict_target, update_fields, do_nothing)
        return found

    async def upsert_all(
        self,
        instances: Iterable[M],
        conflict_target: Names,
        update_fields: Sequence[str] | None = None,
        do_nothing: bool = False,
    ) -> list[M]:
        """`upsert` for many instances, all or none; returns them in their order. Arguments and errors as for `upsert`.

        Of two instances of one row both have what the row holds in the end; in a unit of work the first is given for both.

        Instances that were given the same attributes are sent by one statement, each of them changes only its own.
        """
        members = several(instances, "upsert_all")
        found, _ = await self._upserted(members, conflict_target, update_fields, nothing=do_nothing)
        return found

    async def _upserted(
        self,
        members: list[M],
        target: Names,
        fields: Sequence[str] | None,
        *,
        nothing: bool,
        telling: bool = False,
    ) -> tuple[list[M], list[bool]]:
        engine, dialect, unit = self._engine, self._dialect, unit_of(self._engine)
        if unit is None:
            new = await upsert_all(engine, dialect, members, target, fields, nothing=nothing, telling=telling)
            return members, new
        async with unit.at_once():
            with unit.inserting(members, upserting=True) as instead:
                new = await upsert_all(engine, dialect, members, target, fields, nothing=nothing, telling=telling)
        return [instead.get(id(one), one) for one in members], new
