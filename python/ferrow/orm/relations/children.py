"""Objects that belong to an owner: what becomes of them when they leave it, or when it is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError, ProgrammingError
from ferrow.orm.loading.keys import reader
from ferrow.orm.loading.selectin import selected
from ferrow.orm.marking import deletes_softly, mark
from ferrow.orm.plan import plan_of
from ferrow.orm.relations import junction
from ferrow.orm.relations.source import Source
from ferrow.orm.relations.store import rekey
from ferrow.orm.relations.tie import Tie, ties_of
from ferrow.orm.removing import by_key
from ferrow.orm.unit.around import unit_of
from ferrow.orm.versions import version_of
from ferrow.sql import Update

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.relations.undo import Undo
    from ferrow.sql import Dialect


async def leave(
    engine: AsyncEngine, dialect: Dialect, tie: Tie, owner: Any, members: Sequence[Any], undo: Undo
) -> None:
    """All rows that belong to an owner and are not among its members leave it: deleted with cascade "orphan", else without an owner.

    Raises:
        ProgrammingError: they must have one.
    """
    link = tie.link
    near = reader(link.near)(owner)
    if near is None:
        return
    _, there = await selected(engine, dialect, link, [near])
    identity = reader(link.target.key_columns(f"replacing {tie.relation.label}"))
    stay = {identity(one) for one in members}
    mine = {identity(one): one for one in tie.members(owner)}
    leaving = [mine.get(identity(one), one) for one in there if identity(one) not in stay]
    if not leaving:
        return
    unit = unit_of(engine)
    if tie.orphan:
        if deletes_softly(link.target):  # unlike the rows of an owner that is gone, these may stay
            for one in leaving:
                keys = await mark(engine, plan_of(type(one), dialect), one, purpose="delete")
                if unit is not None:
                    unit.written(one, keys)
        else:
            await remove_all(engine, dialect, leaving)
        return
    must_be_free(tie, leaving[0])
    sources = [Source(tie, one, None) for one in leaving]
    for source in sources:
        source.apply(plan_of(type(source.child), dialect).writer.assign, undo)
    await rekey(engine, dialect, sources)
    if unit is not None:
        for one in leaving:
            unit.written(one, {column.key for column in tie.link.far})


async def remove_all(engine: AsyncEngine, dialect: Dialect, instances: Sequence[Any]) -> None:
    """Delete the rows of instances that were just read, and see to those that refer to them. One that is gone by now is no error."""
    from ferrow.orm.relations.going import Going

    unit = unit_of(engine)
    for plan, wave in await Going(engine, dialect).waves(instances):
        await delete_rows(engine, plan, wave)
        if unit is not None:
            for one in wave:
                unit.deleted(one)


async def delete_rows(engine: AsyncEngine, plan: Plan[Any], instances: Sequence[Any]) -> None:
    """Delete the rows of instances of one model, those that are there."""
    finder, version, prepared = plan.words.key("delete()"), plan.table.version, by_key(plan)
    rows = [
        (*finder.of(one, "delete"), *version_of(plan.table, version and getattr(one, version.key, None)))
        for one in instances
    ]
    await engine.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)


def must_be_free(tie: Tie, one: Any) -> None:
    """Raise ProgrammingError if an object that leaves its owner must have one."""
    held = [mine for mine, _ in tie.pairs if not mine.nullable]
    if held:
        names = ", ".join(f"{held[0].table.label}.{column.key}" for column in held)
        raise ProgrammingError(
            f"{one!r:.60} leaves {tie.relation.label}, and {names} may not be NULL. Delete it, give it another owner, or say "
            "relationship(cascade='save, orphan') to have those that leave deleted"
        )


def concerned(plan: Plan[Any]) -> list[Tie]:
    """The relations of a model through which rows refer to its rows, and that have to be seen to before one is deleted."""
    found = []
    for tie in ties_of(plan):
        try:
            link = tie.link
        except ModelError:
            if tie.delete or tie.orphan:
                raise
            continue  # a relation that nobody could use so far does not keep from deleting
        if not link.belongs and not _seen_to(tie):
            found.append(tie)
    # The rows of an association model that are deleted as children are not deleted a second time as rows of a junction.
    deleted = {(tie.link.target.ref.key, _names(tie.link.far)) for tie in found if tie.delete}
    return [
        tie
        for tie in found
        if tie.link.junction is None
        or (tie.link.junction.ref.key, _names([column for _, column in tie.link.junction.near])) not in deleted
    ]


def _names(columns: Iterable[Any]) -> frozenset[str]:
    return frozenset(column.name for column in columns)


def _seen_to(tie: Tie) -> bool:
    """Whether the database itself knows what to do, or nothing can be done."""
    link = tie.link
    if link.junction is not None:
        table = junction.table_of_junction(link)
        columns = [column for _, column in link.junction.near]
        key = None if table is None else _constraint(table, [str(column.key) for column in columns])
        return key is not None and key.ondelete == "CASCADE"
    key = _constraint(link.target, [column.key for column in link.far])
    if key is not None and key.ondelete == "CASCADE":
        return True
    if tie.delete:
        return False
    return (key is not None and key.ondelete not in (None, "NO ACTION")) or not all(
        column.nullable for column in link.far
    )


def _constraint(table: Any, keys: list[str]) -> ForeignKeyConstraint | None:
    found: ForeignKeyConstraint | None = next((key for key in table.references if list(key.columns) == keys), None)
    return found


async def release(engine: AsyncEngine, dialect: Dialect, ties: Sequence[Tie], owners: Sequence[Any]) -> None:
    """Before owners are deleted: unlink what they are linked with, and free what would refer to them. What goes with them is not looked at."""
    for tie in ties:
        link = tie.link
        if link.junction is not None:
            for owner in owners:
                await junction.clear(engine, dialect, link, owner)
            continue
        read = reader(link.near)
        keys = [key for key in dict.fromkeys(map(read, owners)) if key is not None]
        if keys and not tie.delete:
            prepared = _free(plan_of(link.model, dialect), tie)
            rows = [key if isinstance(key, tuple) else (key,) for key in keys]
            empty = (None,) * len(link.far)
            await engine.run_many(prepared.sql, [(*empty, *row) for row in rows], prepared.shape, prepared.kinds)


def _free(plan: Plan[Any], tie: Tie) -> Prepared:
    key = ("free", tie.link)
    columns = [column.ref for column in tie.link.far]
    return plan.statements.get(key) or plan.prepare(
        key, Update(plan.table.ref, [(column, None) for column in columns], junction.equal(columns))
    )
