"""`session.update` of an instance that says something through its relations, or is told to by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import NoResultFound, ProgrammingError
from ferrow.model.writing import row_getter
from ferrow.orm import updating
from ferrow.orm.loading.hidden import hidden
from ferrow.orm.loading.partial import PARTIAL
from ferrow.orm.relations import children, junction
from ferrow.orm.relations.collection import ManyToManyCollection
from ferrow.orm.relations.gather import Gathered
from ferrow.orm.relations.mirror import Mirror
from ferrow.orm.relations.source import Source
from ferrow.orm.relations.store import followed, mirrored, send
from ferrow.orm.relations.tie import NOTHING, Tie, has_related, tie_of, ties_of
from ferrow.orm.relations.undo import Undo
from ferrow.orm.relations.unloading import unload_stale
from ferrow.sql import Expr, Select

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.sent import Sent
    from ferrow.sql import Dialect


def concerned(plan: Plan[Any], instance: Any, values: Mapping[str, Any]) -> bool:
    """Whether an update has to do with relations."""
    if values:
        return not plan.table.relations.keys().isdisjoint(values)
    return has_related(plan, instance) or any(tie.value(instance) is None for tie in ties_of(plan))


async def update(
    engine: AsyncEngine,
    dialect: Dialect,
    plan: Plan[Any],
    instance: Any,
    values: Mapping[str, Any],
    sent: Sent | None = None,
) -> None:
    """Write columns, keys from objects, and collections.

    A collection that is named is what there is afterwards; one that is not, because no values are given, only adds to what there is.

    Raises:
        ProgrammingError: objects and keys contradict each other; a child that would be left without its owner must have one.
    """
    plan.words.key("update()").of(instance, "update")
    columns = {name: value for name, value in values.items() if name not in plan.table.relations}
    named = {name: tie_of(plan, name, "update()") for name in values if name not in columns}
    gathered = Gathered(dialect)
    gathered.there(instance)
    undo = Undo()
    collections: list[tuple[Tie, list[Any]]] = []
    for name, tie in named.items():
        members = _whole(name, tie, values[name])
        if tie.link.belongs:
            _named(gathered, tie, instance, members, columns)
        else:
            collections.append((tie, members))
            _given(gathered, tie, instance, members)
    if not values:
        for tie in ties_of(plan):
            await _said(engine, plan, gathered, tie, instance)
    await gathered.gather(engine)
    own = gathered.sources.pop(id(instance), [])
    several = bool(gathered.new or gathered.sources or gathered.links or collections)
    try:
        if several:
            async with engine.transaction():
                await _write(
                    engine, dialect, plan, instance, gathered, own, columns, collections, undo, sent, plain=not values
                )
        else:
            await _write(
                engine, dialect, plan, instance, gathered, own, columns, collections, undo, sent, plain=not values
            )
    except BaseException:
        undo.back()
        raise
    _settle(dialect, plan, instance, gathered, own, named, values)
    followed(engine, gathered, instance)


async def _write(
    engine: AsyncEngine,
    dialect: Dialect,
    plan: Plan[Any],
    instance: Any,
    gathered: Gathered,
    own: list[Source],
    columns: dict[str, Any],
    collections: list[tuple[Tie, list[Any]]],
    undo: Undo,
    sent: Sent | None,
    *,
    plain: bool,
) -> None:
    await send(engine, gathered, undo)
    written = dict(columns)
    for source in own:
        written.update(zip([column.key for column in source.columns], source.key(), strict=True))
    undo.keep(instance, written)
    if plain:
        plan.writer.assign(instance, list(written), list(written.values()))
        await updating.write(engine, dialect, instance, {}, sent)
    elif written:
        await updating.write(engine, dialect, instance, written, sent)
    for tie, members in collections:
        if tie.link.junction is not None:
            await junction.replace(engine, dialect, tie.link, instance, members)
        else:
            await children.leave(engine, dialect, tie, instance, members, undo)


def _whole(name: str, tie: Tie, value: Any) -> list[Any]:
    """What a relation is to have afterwards. Raises ProgrammingError for a collection that was loaded in part."""
    members = tie.checked(value)
    if value.__class__ in PARTIAL:
        raise ProgrammingError(
            f"update({name}=...): this collection was loaded in part, by an option with conditions or a limit, and what is named is all there "
            f"is afterwards. Give a list that is meant so, list(...); or load all of it first, session.load(instance, {name!r})"
        )
    return members


def _given(gathered: Gathered, tie: Tie, instance: Any, members: list[Any]) -> None:
    """The members that a collection is to have."""
    for one in members:
        gathered.reach(tie, one)
        if tie.link.junction is None:
            gathered.give(Source(tie, one, instance), moving=True)


def _named(gathered: Gathered, tie: Tie, instance: Any, members: list[Any], columns: Mapping[str, Any]) -> None:
    """A single object that the foreign key is to lead to."""
    if members:
        gathered.reach(tie, members[0])
    source = Source(tie, instance, members[0] if members else None)
    for mine in source.columns:
        value = source.value(mine)
        if mine.key in columns and (isinstance(columns[mine.key], Expr) or columns[mine.key] != value):
            raise ProgrammingError(
                f"update({tie.key}=..., {mine.key}={columns[mine.key]!r}): {tie.relation.label} is another object, whose key is {value!r}. "
                "Give one of the two"
            )
    gathered.give(source, moving=True)


async def _said(engine: AsyncEngine, plan: Plan[Any], gathered: Gathered, tie: Tie, instance: Any) -> None:
    """What an instance says through a relation that was not named."""
    value = tie.value(instance)
    if value is NOTHING or (isinstance(value, list) and not value):
        return
    if value is None and not _meant(tie, instance):
        return
    if not tie.link.belongs:
        for one in tie.checked(value):
            gathered.tied(tie, instance, one, moving=False)
        return
    members = tie.checked(value)
    source = Source(tie, instance, members[0] if members else None)
    if members:
        gathered.reach(tie, members[0])
    if source.now() == source.key() and members and id(members[0]) not in gathered.new:
        return
    if all(one is None for one in source.now()):
        gathered.give(source, moving=True)
        return
    # The object and the key differ: what differs from the row is what the program has changed.
    was = await _row(engine, plan, source, instance)
    if was == row_getter(source.columns)(instance):
        gathered.give(source, moving=True)
    elif members and was != row_getter(tuple([theirs for _, theirs in source.pairs]))(members[0]):
        raise source.contradiction()


def _meant(tie: Tie, instance: Any) -> bool:
    """Whether None says that there is no object. In a dataclass it may be just the default."""
    if not tie.link.belongs:
        return False
    fields_set = getattr(instance, "__pydantic_fields_set__", None)
    if fields_set is not None:
        return tie.key in fields_set
    return not hasattr(type(instance), "__dataclass_fields__") and not hidden(instance, tie.key)


async def _row(engine: AsyncEngine, plan: Plan[Any], source: Source, instance: Any) -> tuple[Any, ...]:
    """What the row has in the foreign key."""
    key = ("columns", source.columns)
    finder = plan.words.key("update()")
    prepared = plan.statements.get(key) or plan.prepare(
        key, Select([column.ref for column in source.columns], plan.table.ref, finder.where())
    )
    values = finder.of(instance, "update")
    rows = (await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows
    if not rows:
        raise NoResultFound(f"there is no {finder.shown(values)} to update")
    return tuple(rows[0])


def _settle(
    dialect: Dialect,
    plan: Plan[Any],
    instance: Any,
    gathered: Gathered,
    own: list[Source],
    named: Mapping[str, Tie],
    values: Mapping[str, Any],
) -> None:
    """Let the attributes, and the other sides, say what is written."""
    mirror = Mirror(dialect)
    for name, tie in named.items():
        before = [] if tie.value(instance) is NOTHING else tie.members(instance)
        members = tie.checked(values[name])
        value = values[name]
        if tie.link.many and value.__class__ not in (tie.relation.collection, ManyToManyCollection):
            value = tie.relation.collection(members)
        plan.writer.attach(instance, name, value)
        for one in before:
            if not any(one is each for each in members):
                mirror.take(tie, instance, one)
        for one in members:
            mirror.put(tie, instance, one)
    gathered.sources[id(instance)] = own
    mirrored(gathered)
    unload_stale(plan, instance)
