"""SELECT, and DELETE of one instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.crud.filters import chosen, sorted_by
from ferrow.crud.partial import given_of, is_partial
from ferrow.crud.plan import plan_for
from ferrow.crud.remembered import remember
from ferrow.errors import NoResultFound, ProgrammingError
from ferrow.orm import changing
from ferrow.orm import reading as statements
from ferrow.orm.getting import getter_of
from ferrow.orm.query import AsyncQuery
from ferrow.orm.removing import remove
from ferrow.orm.unit.around import unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ferrow.orm.criteria import Criteria
    from ferrow.orm.getting import Getter
    from ferrow.orm.plan import Plan
    from ferrow.orm.session import AsyncSession

M = TypeVar("M")


def getter(plan: Plan[Any]) -> Getter | None:
    """What gets a row by its primary key, for models that have one."""
    return getter_of(plan) if plan.table.primary_key and plan.table.visible is None else None


async def select_one(session: AsyncSession, plan: Plan[M], where: Any, filters: Mapping[str, Any]) -> M | None:
    """The first row that is meant."""
    criteria = chosen(plan, where, filters)
    if plan.loading or criteria.extras is not None:
        found: list[M] = await query(session, plan.model, criteria.limited(1)).all()
    else:
        prepared, values = statements.first(plan, criteria)
        found = (await session._engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows
    remember(session._engine, found)
    return found[0] if found else None


async def select_all(
    session: AsyncSession, model: type[M], where: Any, limit: int | None, order_by: Any, filters: Mapping[str, Any]
) -> list[M]:
    """All rows that are meant."""
    plan = plan_for(model, session._dialect)
    criteria = sorted_by(plan, chosen(plan, where, filters), order_by)
    if limit is not None:
        criteria = criteria.limited(limit)
    found = await query(session, model, criteria).all()
    remember(session._engine, found)
    return found


def query(session: AsyncSession, model: type[M], criteria: Criteria) -> AsyncQuery[M]:
    """A session's query of these rows."""
    return AsyncQuery(session, model)._with(criteria)


async def delete(session: AsyncSession, instance: Any) -> bool:
    """Delete the row of an instance; whether there was one."""
    plan: Plan[Any] = plan_for(type(instance), session._dialect)
    if is_partial(type(instance)):
        _must_have_key(plan, instance)
    try:
        plan.words.key("delete()").of(instance, "delete")
    except ProgrammingError:  # no key, no row
        if all(getattr(instance, column.key, None) is not None for column in plan.table.primary_key):
            raise
        return False
    version = plan.table.version
    if version is not None and is_partial(type(instance)) and getattr(instance, version.key) is None:
        # Only the key was given, so whatever the row has become is meant.
        by = {column.key: getattr(instance, column.key) for column in plan.table.primary_key}
        return await changing.delete(session._engine, plan, plan.words, chosen(plan, None, by)) > 0
    try:
        await remove(session._engine, session._dialect, instance)
    except NoResultFound:
        return False
    unit = unit_of(session._engine)
    if unit is not None and not is_partial(type(instance)):
        unit.deleted(instance)
    return True


def _must_have_key(plan: Plan[Any], instance: Any) -> None:
    """Only the key is looked at: who gave something else meant to delete by that."""
    given = given_of(instance)
    if missing := [column.key for column in plan.table.primary_key if column.key not in given]:
        msg = (
            f"delete() finds the row by its primary key, and this {type(instance).__name__} was not given {', '.join(missing)}: "
            "for other rows select_all() them first, or use a session's query(...).delete()"
        )
        raise ProgrammingError(msg)
