"""The half of a repository that writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ferrow._core import classes
from ferrow.errors import NoResultFound
from ferrow.orm import changing
from ferrow.orm.generic import M
from ferrow.orm.inserting import alone_on
from ferrow.repository import criteria as choosing
from ferrow.repository.errors import InvalidArgument, InvalidType
from ferrow.repository.finding import AsyncFinding
from ferrow.repository.validation.values import validate_instance, validate_values

if TYPE_CHECKING:
    from ferrow.repository.conditions import WhereInput
    from ferrow.repository.rows import Rows


class AsyncStoring(AsyncFinding[M]):
    """What a repository stores, changes and deletes."""

    async def insert(self, obj: M) -> M:
        """Insert one instance and return it, with its generated key and server defaults filled in, also if it is frozen.

        Raises:
            UniqueViolation: or another IntegrityError of the database.
            DataError: a value that does not fit its column.
            TypeError: an instance of another class.
            ValidationError: a ValidatedModel with values that it does not allow.
        """
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        self._must_be_mine(obj, "insert")
        if self._validated:  # it may have been changed since it was made
            validate_instance(obj)
        return await self._session.insert(obj)

    async def insert_many(self, objs: Iterable[M]) -> Rows[M]:
        """Insert many instances, all or none, by few statements of many rows; returns them in their order. Raises as `insert`, and:

        Raises:
            ValueError: a trigger or a rule of the table left rows out; none is kept. (In a transaction, let the error leave it.)
        """
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        if not isinstance(objs, Iterable):
            raise InvalidType(f"insert_many() takes a list of instances, not {objs!r}.")
        members = list(objs)
        if classes(members) != [self._model]:
            for one in members:
                self._must_be_mine(one, "insert_many")
        if self._validated:
            for one in members:
                validate_instance(one)
        if len(members) > 1 and self._may_lose and alone_on(self._engine):
            # Only the rows that come back say whether all are in: what a call commits by itself could not be undone.
            async with self._engine.transaction():
                return await self._session.insert_all(members)
        return await self._session.insert_all(members)

    @property
    def _may_lose(self) -> bool:
        """Whether a trigger may leave out some rows of many, and they return something, so that it is noticed. MariaDB's refuse all or none."""
        plan = self._plan
        return plan.dialect.name != "mysql" and bool(plan.writer.generated or plan.table.computed)

    async def update(self, obj: M) -> int:
        """Write all columns of an instance but the key; returns how many rows it had: 1, or 0 if it is gone.

        Raises:
            ValueError: it has no key; the model has no other columns; a ValidatedModel with values that it does not allow.
            StaleRow: the model counts versions, and the row has another one.
            IntegrityError, DataError: as `insert`.
        """
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        self._must_be_mine(obj, "update")
        self._must_have_key(obj, "UPDATE")
        if not any(not (column.primary_key or column.read_only) for column in self._plan.table.columns):
            raise InvalidArgument("Cannot UPDATE model with no writable columns besides primary key.")
        validate_instance(obj)
        try:
            await self._session.update(obj)
        except NoResultFound:
            return 0
        return 1

    async def delete(self, obj: M) -> int:
        """Delete the row of an instance; returns how many there were: 1, or 0 if it is gone.

        A row of a model with soft deletion is marked as deleted. Raises ValueError if the instance has no key, StaleRow as `update`.
        """
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        self._must_be_mine(obj, "delete")
        self._must_have_key(obj, "DELETE")
        try:
            await self._session.remove(obj)
        except NoResultFound:
            return 0
        return 1

    async def update_where(self, values: Mapping[str, Any], *, where: WhereInput) -> int:
        """Set columns in all rows that meet the conditions; returns how many there were, changed or not.

            await jobs.update_where({"status": "done"}, where=C.lt("id", 100))

        Args:
            values: by attribute; expressions (`User.age + 1`) too.
            where: as for `list`, but not nothing: to change every row say `where=C.is_not_null("id")`.

        Raises:
            ValueError: no values, no condition, or a name that is no column to be written.
            DataError: a value that does not fit its column. ValidationError: one that a ValidatedModel does not allow.
        """
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        if not values:
            raise InvalidArgument("update values must not be empty.")
        if not isinstance(values, Mapping):
            raise InvalidType(
                f"update_where() takes values by attribute, as {{'age': 18}}, not {type(values).__name__}."
            )
        criteria = choosing.required(self._all_rows(), self._meaning, where, "update_where")
        by_key = self._plan.table.by_key
        wrong = [key for key in values if key not in by_key or by_key[key].primary_key or by_key[key].read_only]
        if wrong:
            raise InvalidArgument(f"update_where() only supports writable model columns. Invalid: {wrong}")
        validate_values(self._model, values)
        return await changing.update(self._engine, self._plan, self._plan.words, criteria, values)

    async def delete_where(self, *, where: WhereInput) -> int:
        """Delete all rows that meet the conditions, `where`; returns how many there were. Raises ValueError without a condition."""
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        criteria = choosing.required(self._all_rows(), self._meaning, where, "delete_where")
        return await changing.delete(self._engine, self._plan, self._plan.words, criteria)
