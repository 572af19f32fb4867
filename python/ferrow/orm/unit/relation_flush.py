"""The part of a flush that relations have: from what relations hold to keys, new instances, junction rows and deletions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.loading.keys import reader
from ferrow.orm.loading.partial import PARTIAL
from ferrow.orm.loading.selectin import selected
from ferrow.orm.marking import deletes_softly
from ferrow.orm.plan import plan_of
from ferrow.orm.relations import children, junction
from ferrow.orm.relations.gather import Gathered
from ferrow.orm.relations.mirror import Mirror
from ferrow.orm.relations.order import levels
from ferrow.orm.relations.source import Source
from ferrow.orm.relations.store import mirrored, rekey
from ferrow.orm.relations.tie import NOTHING, Tie, ties_of
from ferrow.orm.relations.undo import Undo
from ferrow.orm.relations.unloading import unload_stale
from ferrow.orm.unit.log import Applied
from ferrow.orm.unit.remembered import Some, changed_relations

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.unit import Unit
    from ferrow.sql.dialect.base import Dialect


class RelationFlush:
    """What a flush learns from relations. `prepare` before its inserts, `done` when everything is written."""

    def __init__(self, unit: Unit, connection: Any) -> None:
        self.unit = unit
        self.connection = connection
        self.dialect: Dialect = unit.dialect
        self.gathered: Gathered = Gathered(unit.dialect, self._known)
        self.undo: Undo = Undo()
        self._touched: dict[int, Any] = {}
        self._left: list[tuple[Tie, Any, Any]] = []
        self._parted: list[tuple[Tie, Any, Any]] = []

    def _known(self, instance: Any) -> bool:
        return id(instance) not in self.unit.added and self.unit.place(instance) is not None

    async def prepare(self) -> None:
        """Look at everything, and tell the unit."""
        unit, gathered = self.unit, self.gathered
        unit.log.append(Applied(self.undo, unit.remembered, unit.remembered.copy()))
        for instance, tie in [*changed_relations(unit)]:
            if id(instance) not in unit.removed:
                self._touched[id(instance)] = instance
                self._changed(instance, tie)
        await gathered.gather(self.connection, unit.added.values())
        for tie, owner, one in self._left:
            self._leave(tie, owner, one)
        for one in [*gathered.new.values()]:
            if id(one) not in unit.removed:
                unit.add(one)
        self._keys()
        if gathered.links or self._parted:
            unit.after_inserts.append(self._junctions)
        await self._removed([*unit.removed.values()])

    # --- what has changed --------------------------------------------------------------------------------------------

    def _changed(self, instance: Any, tie: Tie) -> None:
        was = self.unit.remembered.was(instance, tie)
        members = tie.members(instance)
        if tie.link.belongs:
            self._belongs(instance, tie, members, was)
            return
        if was is NOTHING and tie.link.many:
            raise ProgrammingError(
                f"{tie.relation.label} was not loaded, and was set as a whole: what it holds in the database is not known. Load it first, "
                f"session.load(instance, {tie.key!r}), and change it; or write session.update(instance, {tie.key}=[...]), which replaces it"
            )
        if was.__class__ is Some and tie.value(instance).__class__ not in PARTIAL:
            raise ProgrammingError(
                f"{tie.relation.label} was loaded in part, by an option with conditions or a limit, and was set as a whole: what else it holds in "
                f"the database is not known. Append to it and take out of it; or load all of it, session.load(instance, {tie.key!r}), first; or "
                f"write session.update(instance, {tie.key}=[...]), which replaces it"
            )
        before = list(was) if isinstance(was, tuple) else [] if was is NOTHING or was is None else [was]
        there, old = {id(one) for one in members}, {id(one) for one in before}
        for one in members:
            if id(one) not in old:
                self.gathered.tied(tie, instance, one)
        for one in before:
            if id(one) not in there:
                (self._parted if tie.link.junction is not None else self._left).append((tie, instance, one))

    def _belongs(self, instance: Any, tie: Tie, members: list[Any], was: Any) -> None:
        source = Source(tie, instance, members[0] if members else None)
        if members:
            self.gathered.reach(tie, members[0])
        group = self.unit.groups[type(instance)]
        place = group.place(instance)
        changed = {group.columns[at].key for at in group.differing(group.read(instance), group.snapshots[place])}
        if changed.intersection([column.key for column in source.columns]) and source.now() != source.key():
            raise source.contradiction()
        self.gathered.give(source, moving=True)
        if was is not NOTHING and was is not None:
            Mirror(self.dialect).take(tie, instance, was)
            self._touched[id(was)] = was

    def _leave(self, tie: Tie, owner: Any, one: Any) -> None:
        """A child is in the collection of its owner no longer."""
        unit = self.unit
        if id(one) in unit.removed or id(one) in self.gathered.new:
            return
        mine = {column.key for column in tie.link.far}
        if any(mine.intersection([c.key for c in source.columns]) for source in self.gathered.sources.get(id(one), ())):
            return  # it has another owner now
        near, far = reader(tie.link.near)(owner), reader(tie.link.far)(one)
        if far != near:
            return  # by its key
        if tie.orphan:
            unit.remove(one)
            return
        children.must_be_free(tie, one)
        self.gathered.sources.setdefault(id(one), []).append(Source(tie, one, None))

    # --- keys --------------------------------------------------------------------------------------------------------

    def _keys(self) -> None:
        """Set the keys that are known, and have the others set when they are."""
        unit, gathered = self.unit, self.gathered
        later: list[Source] = []
        for _ in levels(gathered.new, gathered.sources, later, self.dialect):
            pass
        foreign: list[Source] = []
        for source in [*(each for group in gathered.sources.values() for each in group), *later]:
            child, parent = source.child, source.parent
            fresh = id(child) in gathered.new
            if parent is not None and id(parent) in gathered.new:
                unit.assigning.setdefault(id(parent), []).append(self._assigning(source))
                if fresh and source not in later:
                    unit.needs.setdefault(id(child), []).append(parent)
            else:
                self._assign(source)
            if not fresh and unit.place(child) is None:
                foreign.append(source)
        for source in later:
            gathered.sources.setdefault(id(source.child), []).append(source)
        if foreign:

            async def write(connection: Any) -> None:
                await rekey(connection, self.dialect, foreign)

            unit.after_inserts.append(write)

    def _assigning(self, source: Source) -> Any:
        return lambda: self._assign(source)

    def _assign(self, source: Source) -> None:
        if id(source.child) in self.gathered.new and not source.agrees():
            raise source.contradiction()
        source.apply(plan_of(type(source.child), self.dialect).writer.assign, self.undo)

    async def _junctions(self, connection: Any) -> None:
        await junction.take(connection, self.dialect, self._parted)
        await junction.add(connection, self.dialect, self.gathered.links)

    # --- deletions ---------------------------------------------------------------------------------------------------

    async def _removed(self, owners: Sequence[Any]) -> None:
        """What goes with instances that are deleted, and what refers to them."""
        found: list[tuple[Plan[Any], Tie, list[Any]]] = []
        waiting = [owners]
        while waiting:
            models: dict[type, list[Any]] = {}
            for one in waiting.pop():
                models.setdefault(type(one), []).append(one)
            for model, group in models.items():
                plan: Plan[Any] = plan_of(model, self.dialect)
                for tie in children.concerned(plan) if plan.table.relations else ():
                    if tie.delete:
                        waiting.append(await self._children(plan, tie, group))
                    else:
                        found.append((plan, tie, group))
        for plan, tie, group in found:
            if gone := self._gone(plan, group):  # what is only marked keeps what it has, for when it is restored
                self._free(tie, gone)
                self._linking(tie)
                self.unit.before_deletes.append(self._releasing(tie, gone))

    async def _children(self, plan: Plan[Any], tie: Tie, owners: Sequence[Any]) -> list[Any]:
        unit = self.unit
        # A mark would leave rows that refer to what is gone, so those of an owner without one are deleted, seen or not.
        gone = self._gone(plan, owners)
        marked = [one for one in owners if deletes_softly(plan.table) and id(one) not in unit.forced]
        rows = await self._related(tie, gone, unseen=True)
        unit.forced.update({id(one): one for one in rows})
        found = [one for one in [*rows, *await self._related(tie, marked)] if id(one) not in unit.removed]
        for one in found:
            unit.remove(one)
        return found

    def _gone(self, plan: Plan[Any], owners: Sequence[Any]) -> list[Any]:
        """Those whose rows are deleted, not marked."""
        softly = deletes_softly(plan.table)
        return [one for one in owners if not softly or id(one) in self.unit.forced]

    def _linking(self, tie: Tie) -> None:
        """Rows of a junction that are to be deleted themselves go before their owner takes the others with it."""
        junction_ = None if tie.link.junction is None else junction.table_of_junction(tie.link)
        for one in self.unit.removed.values() if junction_ is not None else ():
            plan: Plan[Any] = plan_of(type(one), self.dialect)
            if plan.table is junction_ and not (plan.table.relations and children.concerned(plan)):
                self.unit.first[id(one)] = one

    async def _related(self, tie: Tie, owners: Sequence[Any], *, unseen: bool = False) -> list[Any]:
        keys = [key for key in dict.fromkeys(map(reader(tie.link.near), owners)) if key is not None]
        _, rows = await selected(self.connection, self.dialect, tie.link, keys, unseen=unseen) if keys else ({}, [])
        return self.unit.adopted(rows)

    def _free(self, tie: Tie, owners: Sequence[Any]) -> None:
        """Followed children lose the key of an owner that goes; those nobody has read are seen to by one statement."""
        group = self.unit.groups.get(tie.link.model)
        if tie.link.junction is not None or group is None:
            return
        near, far = reader(tie.link.near), reader(tie.link.far)
        gone = {near(one) for one in owners}
        for one in group.instances.values():
            if far(one) in gone and id(one) not in self.unit.removed:
                self._assign(Source(tie, one, None))
                unload_stale(group.plan, one)

    def _releasing(self, tie: Tie, owners: Sequence[Any]) -> Any:
        async def release(connection: Any) -> None:
            await children.release(connection, self.dialect, [tie], owners)

        return release

    # --- afterwards --------------------------------------------------------------------------------------------------

    def done(self) -> None:
        """Let both sides of what was written say so, and remember that."""
        gathered, remembered = self.gathered, self.unit.remembered
        mirrored(gathered)
        mirror = Mirror(self.dialect)
        for tie, owner, one in (*self._parted, *self._left):
            if tie.link.junction is not None or reader(tie.link.far)(one) is None:
                mirror.take(tie, owner, one)
            self._touched[id(one)] = one
        for group in gathered.sources.values():
            for source in group:
                self._touched[id(source.child)] = source.child
                if source.parent is not None:
                    self._touched[id(source.parent)] = source.parent
        for _, one, other in gathered.links:
            self._touched.update({id(one): one, id(other): other})
        if not self.unit.follows:
            return
        for instance in (*self._touched.values(), *gathered.new.values()):
            plan = plan_of(type(instance), self.dialect)
            if self.unit.place(instance) is not None:
                for tie in ties_of(plan):
                    remembered.keep(
                        instance, tie, fresh=id(instance) in gathered.new or remembered.was(instance, tie) == ()
                    )
