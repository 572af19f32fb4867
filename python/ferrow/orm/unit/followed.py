"""The instances that a unit of work follows: how they come to be followed, and what their rows hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ferrow.errors import NoResultFound
from ferrow.model.binding import is_model
from ferrow.orm.plan import plan_of
from ferrow.orm.unit.back_populate import rows_deleted, rows_inserted, rows_updated
from ferrow.orm.unit.group import Group
from ferrow.orm.unit.log import First, Inserted, Log, Removed, Reread, Saved
from ferrow.orm.unit.moved import moved
from ferrow.orm.unit.sent import merged

if TYPE_CHECKING:
    from ferrow._core import Result, Shape
    from ferrow.orm.plan import Plan
    from ferrow.orm.sites import Sites
    from ferrow.orm.unit.back_populate import DeletedRow
    from ferrow.orm.unit.group import Values
    from ferrow.orm.unit.log import Entry
    from ferrow.orm.unit.overtaken import Overtaken, Reading
    from ferrow.orm.unit.relation_changes import RelationChanges
    from ferrow.orm.unit.remembered import Remembered
    from ferrow.sql import Dialect


class Followed:
    """One half of a unit of work: what was read and written, by model and key. The other half, `Unit`, says what is to be written."""

    follows = True

    if TYPE_CHECKING:
        dialect: Dialect
        added: dict[int, Any]
        removed: dict[int, Any]
        groups: dict[type, Group]
        sites: Sites
        overtaken: Overtaken
        remembered: Remembered
        _loose: dict[type, Group]

        def reading(self) -> Reading | None:
            """As `Shared.reading`."""

        def newer(self, reading: Reading | None) -> Collection[Entry]:
            """As `Shared.newer`."""
            ...

    @property
    def log(self) -> Log:
        """What was written."""
        raise NotImplementedError

    @property
    def keeps(self) -> bool:
        """Whether what was written may be pending again, as if the commit fails: then it is held until that has happened."""
        return False

    @property
    def undoable(self) -> bool:
        """Whether a rollback may come that undoes what is written now."""
        return True

    def place(self, instance: Any) -> Any:
        """The key an instance is followed by, or None."""
        group = self.groups.get(type(instance))
        return None if group is None else group.place(instance)

    def group_of(self, plan: Plan[Any]) -> Group | None:
        """The instances of a model; None if they cannot be followed, as it has no key."""
        found = self.groups.get(plan.model)
        if found is None and self.follows and plan.table.primary_key:
            found = self.groups[plan.model] = Group(plan)
        return found

    def adopted(
        self, rows: list[Any], values: list[Any] | None = None, shape: Shape | None = None, *, logged: bool = True
    ) -> list[Any]:
        """Follow instances that were read; where a row is followed already, its instance takes their place.

        `values`: what instances of `shape` were given. `logged`: whether that is undone with what the running code is in.
        """
        if not rows or not self.follows or "__ferrow_binding__" not in type(rows[0]).__dict__:
            return rows
        group = self.group_of(plan_of(type(rows[0]), self.dialect))
        if group is None:
            return rows
        first: list[Any] | None = [] if logged and self.undoable else None
        # Those of all columns, in their order.
        adopted = group.adopt(rows, values if shape is group.plan.shape else None, first)
        if first:
            self.first_read(group, first)
        if group.reread:
            reread, group.reread = group.reread, []
            if logged and self.undoable:
                self.log.extend([Reread(group, *change) for change in reread])
        if group.moved:
            changes, group.moved = group.moved, []
            for instance, keys, _, _ in changes:
                moved(self, group.plan, instance, keys)
            rows_updated(self, group.plan, [(instance, was, now) for instance, _, was, now in changes])
        return adopted

    def first_read(self, group: Group, keys: list[Any]) -> None:
        """Rows were read that were not followed before. One entry for all of a block, as far as nothing comes in between."""
        log = self.log
        last = log[-1] if len(log) > log.marked else None
        if isinstance(last, First) and last.group is group:
            last.add(keys)
        else:
            log.append(First(group, keys))

    def seen(self, result: Result, shape: Shape | None = None) -> None:
        """Follow the instances in a result; of `shape` if it has their values."""
        rows = result.rows
        if not rows or not self.follows:
            return
        if type(rows[0]) is not tuple:
            adopted = self.adopted(rows, result.values, shape)
            if adopted is not rows:
                rows[:] = adopted
            self._noted(rows)
            return
        places = [place for place in range(len(rows[0])) if _holds_models(rows, place)]
        if not places:
            return
        columns = list(zip(*rows, strict=True))
        for place in places:
            there = [one for one in columns[place] if one is not None]
            adopted = self.adopted(there)
            self._noted(adopted)
            known = dict(zip(map(id, there), adopted, strict=True))
            columns[place] = tuple([None if one is None else known[id(one)] for one in columns[place]])
        rows[:] = zip(*columns, strict=True)

    def _noted(self, instances: list[Any]) -> None:
        group = self.groups.get(type(instances[0]))
        self.sites.note(instances, None if group is None else group.key)

    def inserted(self, plan: Plan[Any], instances: list[Any], names: Sequence[str], before: Sequence[Any]) -> None:
        """Instances of a model got their rows; `before` is what their attributes `names` were."""
        group = self.group_of(plan)
        if group is not None:
            self._not_in_the_way(group, instances, names, before)
            keys = group.follow_all(instances)
            if self.undoable:
                self.log.append(Inserted(group, keys, instances if self.keeps else None, names, before))
        elif plan.table.primary_key and self.undoable:
            loose = self._loose.get(plan.model)
            if loose is None:
                loose = self._loose[plan.model] = Group(plan)
            self.log.append(Inserted(loose, (), instances, names, before))

    def _not_in_the_way(self, group: Group, instances: list[Any], names: Sequence[str], before: Sequence[Any]) -> None:
        """What is followed by a key that a new row has got: its row is gone. What is to be written to it must not get lost, nor into the new one.

        Raises:
            NoResultFound: it was changed, or is to be deleted.
        """
        for key in group.instances.keys() & set(map(group.key, instances)):
            known = group.instances[key]
            doing = "delete" if id(known) in self.removed else "update"
            if doing == "delete" or group.differing(group.read(known), group.snapshots[key]):
                self.log.append(Inserted(group, (), instances, names, before))
                shown = group.plan.words.key(doing).shown(key if isinstance(key, tuple) else (key,))
                msg = f"there is no {shown} to {doing}: somebody else has deleted it, and a new row has got its key"
                raise NoResultFound(msg)

    @contextmanager
    def inserting(self, instances: Sequence[Any], *, upserting: bool = False) -> Iterator[dict[int, Any]]:
        """Follow instances that are inserted by themselves inside this block.

        `upserting`: their rows may have been there before. What follows such a row already stays, and has its values; it is given
        afterwards by the id of the instance whose place it takes.
        """
        models: dict[type, list[Any]] = {}
        for one in instances:
            models.setdefault(type(one), []).append(one)
        plans: dict[type, Plan[Any]] = {model: plan_of(model, self.dialect) for model in models if is_model(model)}
        names = {model: [column.key for column in plan.writer.generated] for model, plan in plans.items()}
        before = {model: _values(models[model], names[model]) for model in plans}
        instead: dict[int, Any] = {}
        yield instead
        for model, plan in plans.items():
            for one in models[model] if self.added else ():
                self.added.pop(id(one), None)
            if upserting:
                instead.update(self._known(plan, models[model]))
                instead.update(_twins(plan, [one for one in models[model] if id(one) not in instead]))
            members, values = models[model], before[model]
            if instead:
                left = [place for place, one in enumerate(members) if id(one) not in instead]
                members, values = [members[place] for place in left], [values[place] for place in left]
            self._follow_inserted(plan, members, names[model], values)
            models[model] = members
        for model, plan in plans.items():
            self.remembered.keep_loaded(plan, models[model])
            self.show_inserted(plan, models[model])

    def _known(self, plan: Plan[Any], members: Sequence[Any]) -> dict[int, Any]:
        """What is followed of the rows of these instances that is another instance, by the id of theirs."""
        group = self.groups.get(plan.model)
        if group is None:
            return {}
        found = {id(one): group.instances.get(group.key(one), one) for one in members}
        there = {id(one): known for one in members if (known := found[id(one)]) is not one}
        if there:
            self.adopted([one for one in members if id(one) in there])
        return there

    def _follow_inserted(
        self, plan: Plan[Any], members: list[Any], names: Sequence[str], before: Sequence[Sequence[Any]]
    ) -> None:
        group = self.groups.get(plan.model)
        if group is None or not group.has_any(members):
            self.inserted(plan, members, names, before)
            return
        for one, values in zip(members, before, strict=True):
            if group.place(one) is None:
                self.inserted(plan, [one], names, [values])
            else:
                self.written(one)

    def show_inserted(self, plan: Plan[Any], instances: Sequence[Any]) -> None:
        """Have the owners of instances show those whose rows are new, once all that was written with them is done."""
        self._log_changes(rows_inserted(self, plan, instances))

    def _log_changes(self, changes: RelationChanges) -> None:
        if self.undoable and changes.steps:
            self.log.append(changes)

    def written(self, instance: Any, keys: Collection[str] | None = None, now: Values | None = None) -> None:
        """The row of an instance was written by itself; what it holds is what `now` has, or the attributes are, those of `keys` or all."""
        place = self.place(instance)
        if place is None:
            return
        group = self.groups[type(instance)]
        was = group.snapshots[place]
        stays = keys is not None and group.key_names.isdisjoint(keys)
        after = place if stays else group.key(instance)
        saved = Saved(group, [place], [after], [instance] if self.keeps else None, [was])
        if self.undoable:
            self.log.append(saved)
        else:
            self.overtaken.note([saved])
        now = group.watch.row(instance) if now is None else now
        if keys is not None:
            now = merged(group, now, was, keys)
        foreign = group.foreign_at(group.differing(now, was)) if group.foreign else ()
        if foreign:
            moved(self, group.plan, instance, foreign)
            self._log_changes(rows_updated(self, group.plan, [(instance, was, now)]))
        if stays:
            group.snapshots[place] = now
            return
        group.forget(place)
        group.follow(after, instance, now)

    def deleted(self, instance: Any) -> None:
        """The row of an instance was deleted by itself."""
        self.removed.pop(id(instance), None)
        place = self.place(instance)
        if place is not None:
            group = self.groups[type(instance)]
            if self.undoable:
                self.log.append(Removed(group, place, instance, group.snapshots[place]))
            gone = [(instance, group.snapshots[place])]
            group.forget(place)
            self.hide_deleted(group.plan, gone)

    def hide_deleted(self, plan: Plan[Any], gone: Sequence[DeletedRow]) -> None:
        """Have the owners of instances no longer show those whose rows are deleted."""
        self._log_changes(rows_deleted(self, plan, gone))


def _values(instances: list[Any], names: Sequence[str]) -> Sequence[Sequence[Any]]:
    """Attributes of each instance, None where one has none."""
    try:
        return [*zip(*[map(attrgetter(name), instances) for name in names], strict=True)] or [()] * len(instances)
    except AttributeError:
        return [[getattr(one, name, None) for name in names] for one in instances]


def _twins(plan: Plan[Any], members: Sequence[Any]) -> dict[int, Any]:
    """The first of several instances of one row, by the id of each of the others."""
    keys = [column.key for column in plan.table.primary_key]
    if not keys or len(members) < 2:
        return {}
    key, first = attrgetter(*keys), dict[Any, Any]()
    return {id(one): known for one in members if (known := first.setdefault(key(one), one)) is not one}


def _holds_models(rows: list[Any], place: int) -> bool:
    """Whether an element of the rows is an instance of a model, or None."""
    one = next((row[place] for row in rows if row[place] is not None), None)
    return "__ferrow_binding__" in type(one).__dict__
