"""The half of a repository that reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.abc import async_only
from ferrow.orm import getting, reading
from ferrow.orm.generic import M
from ferrow.orm.getting import getter_of
from ferrow.orm.loading.load import load
from ferrow.repository import criteria as choosing
from ferrow.repository.registering import AsyncRegistering

if TYPE_CHECKING:
    from ferrow.orm.query import AsyncQuery
    from ferrow.repository.conditions import OrderInput, WhereInput
    from ferrow.repository.rows import Rows


class AsyncFinding(AsyncRegistering[M]):
    """What a repository finds."""

    def query(self, where: WhereInput = None) -> AsyncQuery[M]:
        """A query over the rows, for what `list` cannot say: groups, joins, sums, pages, streams. As `query` of a session.

            await users.query().filter(age__gte=18).group_by("city").annotate(people=func.count()).values("city", "people")

        It belongs to the transaction around it as all calls do. The table is not made for it: with `auto_schema` something else comes
        first, such as `register()`. `query(where).to_sql()` is the SQL and its parameters.

        Args:
            where: as for `list`.

        Raises:
            ValueError: the model has to be registered and is not; or as `list`.
        """
        self._watch()
        made = self._session.query(self._model)
        found = self._meaning.where(where)
        return made.filter(*found) if found else made

    @async_only
    async def get(self, pk_value: Any) -> M | None:
        """The instance with a primary key, or None. For a key of several columns give a tuple or a dict.

        Raises DataError for a value of another type than the key's.
        """
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        plan = self._plan
        if self._scoped:
            return await getting.get_seen(self._engine, plan, pk_value)
        getter = plan.getter or getter_of(plan)
        values = getter.finder(pk_value)
        rows: list[M] = (await self._engine.run(getter.sql, values, getter.shape, getter.kinds)).rows
        if getter.loading is not None:
            await load(self._engine, plan, rows, getter.loading)
        return rows[0] if rows else None

    async def list(
        self,
        where: WhereInput = None,
        order_by: OrderInput = None,
        limit: int | None = None,
        offset: int | None = None,
        *,
        for_update: bool = False,
        skip_locked: bool = False,
        nowait: bool = False,
    ) -> Rows[M]:
        """The rows that meet the conditions, as instances.

            await users.list(where=[C.ge("age", 18), C.like("email", "%@example.org")], order_by="-age", limit=10)

        Args:
            where: one condition or a list of which all must hold: `C.eq("age", 18)`, `User.age == 18`, `Q(age=18)`.
            order_by: `OrderBy("age", desc=True)`, `"-age"`, or a list of them.
            limit: at most so many rows.
            offset: leave out the first so many, with or without a limit.
            for_update: lock the rows until the end of the transaction around this.
            skip_locked: with it, leave out rows that others have locked; several workers then never get the same ones.
            nowait: with it, raise an error instead of waiting for such rows.

        Raises:
            UnknownColumn: the model has no such column; names the nearest.
            ValueError: a limit below 1, an offset below 0, an operator that does not exist.
            DataError: a value of another type than its column's.
            ProgrammingError: `for_update` outside a transaction.
        """
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        plan = self._plan
        criteria = choosing.chosen(self._all if not self._scoped else self._all_rows(), self._meaning, where)
        if order_by is not None or limit is not None or offset is not None:
            criteria = choosing.cut(criteria, self._meaning, order_by, limit, offset)
        if for_update or skip_locked or nowait:
            criteria = choosing.locked(self._engine, criteria, skip_locked=skip_locked, nowait=nowait)
        if criteria.extras is None:
            prepared, values = reading.instances(plan, criteria), criteria.values
        else:
            prepared, values = reading.instances_beyond(plan, plan.words, criteria, "list()")
        rows: list[M] = (await self._engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows
        if plan.loading:
            await load(self._engine, plan, rows, plan.loading)
        return rows

    async def count(self, where: WhereInput = None) -> int:
        """How many rows meet the conditions. Raises as `list`."""
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        criteria = choosing.chosen(self._all_rows(), self._meaning, where)
        prepared, values = reading.count(self._plan, self._plan.words, criteria)
        found: int = (await self._engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows[0]
        return found

    async def exists(self, where: WhereInput = None) -> bool:
        """Whether a row meets the conditions. Raises as `list`."""
        if not self._gate.open or self._watched._closed:
            await self._prepare()
        criteria = choosing.chosen(self._all_rows(), self._meaning, where).limited(1)
        prepared, values = reading.exists(self._plan, self._plan.words, criteria)
        return bool((await self._engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows)
