"""A unit of work: the instances it follows, and what is to be written for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current
from ferrow.errors import ProgrammingError
from ferrow.model import table_of
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.tie import ties_of
from ferrow.orm.sites import Sites
from ferrow.orm.unit import relations
from ferrow.orm.unit.log import Log, Mark
from ferrow.orm.unit.nesting import Nesting
from ferrow.orm.unit.overtaken import Overtaken
from ferrow.orm.unit.quiet import Quiet
from ferrow.orm.unit.remembered import Remembered, changed, changed_relations
from ferrow.orm.unit.sending import Sending
from ferrow.orm.unit.turn import Turn

if TYPE_CHECKING:
    from ferrow.engine.context import Link
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.owners import Before
    from ferrow.orm.unit.saving import Connection
    from ferrow.sql import Dialect


class Unit(Nesting):
    """One unit of work over one engine.

    `added` and `removed` are pending instances by id, in order. `groups` has the followed ones, by model. `follows` is False for
    a session outside of any block: it must not grow.

    A flush asks `relations.prepare` first, which may use `add`, `remove`, and what is below; that is emptied before it:

    * `needs`: by the id of an instance in `added`, those that are inserted before it;
    * `assigning`: by the id of an instance in `added`, functions called once it has its row (to pass its key on);
    * `after_inserts`: coroutine functions of the connection, called after all inserts (rows of junctions);
    * `before_deletes`: the same, called before rows are deleted (what refers to them is freed);
    * `forced`: by id, instances in `removed` whose rows are deleted, not marked, as what they refer to is gone;
    * `first`: by id, instances in `removed` that are deleted before `before_deletes`.
    """

    def __init__(self, engine: AsyncEngine, *, autoflush: bool = True) -> None:
        super().__init__()
        self.engine = engine
        self.dialect: Dialect = engine.dialect
        self.autoflush = autoflush
        self.added: dict[int, Any] = {}
        self.removed: dict[int, Any] = {}
        self.groups: dict[type, Group] = {}
        self.remembered: Remembered = Remembered()
        self.sites: Sites = Sites()
        self._log: Log = Log()
        self.needs: dict[int, list[Any]] = {}
        self.assigning: dict[int, list[Callable[[], None]]] = {}
        self.after_inserts: list[Callable[[Connection], Awaitable[None]]] = []
        self.before_deletes: list[Callable[[Connection], Awaitable[None]]] = []
        self.forced: dict[int, Any] = {}
        self.first: dict[int, Any] = {}
        self._loose: dict[type, Group] = {}  # for the log, of what is not followed
        self.overtaken: Overtaken = Overtaken()
        self._sending: Sending = Sending()
        self._quiet: Quiet = Quiet(self._sending.logged)
        self._turn = Turn()

    @property
    def log(self) -> Log:
        """What is undone with the unit's transaction, or with the flush of the running code, if that is a transaction of its own."""
        own = self._turn.log
        return self._log if own is None or not self._turn.here else own

    @property
    def beginning(self) -> Mark:
        """Of all that is undone with the unit's transaction."""
        return Mark(self._log, 0)

    # --- what is pending ---------------------------------------------------------------------------------------------

    def add(self, instance: object, block: Link | None = None) -> None:
        """Insert it at the next flush. An instance that is followed is saved anyway; one to be deleted is kept instead.

        `block`: the begin() block that was asked, where that is known.
        """
        table_of(type(instance))
        if self._blocks:
            self._owners.note(instance, self._asked(block))
        self._add(instance)

    def _add(self, instance: object) -> None:
        with self._turn.mutex:
            if self._turn.elsewhere:
                self._turn.behind(instance, self._add)
            elif self.removed.pop(id(instance), None) is None and self.place(instance) is None:
                self.added[id(instance)] = instance

    def remove(self, instance: object, block: Link | None = None) -> None:
        """Delete its row at the next flush; an instance that was only added is forgotten. `block`: as for `add`.

        Raises:
            ProgrammingError: it has no key, so it was never inserted.
        """
        self._remove(instance)
        if self._blocks:
            self._owners.note(instance, self._asked(block))

    def _remove(self, instance: object) -> None:
        plan: Plan[Any] = plan_of(type(instance), self.dialect)
        with self._turn.mutex:
            later = self._turn.elsewhere
            added = id(instance) in self.added or (later and self._turn.waits(instance))
            if not added and self.place(instance) is None:
                plan.words.key("delete()").of(instance, "delete")
            if later:
                self._turn.behind(instance, self._remove)
            elif self.added.pop(id(instance), None) is None:
                self.removed[id(instance)] = instance

    def expunge(self, instance: object) -> None:
        """Forget it: neither its changes nor itself are written.

        Raises:
            ProgrammingError: it does not belong to the unit.
        """
        self._owners.expunge(instance)
        known = self._turn.forget(instance)
        known = self.added.pop(id(instance), None) is not None or known
        known = self.removed.pop(id(instance), None) is not None or known
        place = self.place(instance)
        if place is not None:
            group = self.groups[type(instance)]
            group.forget(place)
            if self.log:
                group.expunged.setdefault(place, []).append(instance)
        elif not known:
            raise self._foreign(instance, "expunge")

    def _foreign(self, instance: object, doing: str) -> ProgrammingError:
        return ProgrammingError(
            f"cannot {doing} this {type(instance).__name__}: it does not belong to this session's unit of work. add() it if it is new; "
            "if it has a row, read it inside the block, or merge() it"
        )

    @property
    def dirty(self) -> list[Any]:
        """The followed instances that differ from their rows, or say something else of their relations, without those to be deleted."""
        found = [
            group.instances[key] for group in self.groups.values() for keys in group.changes().values() for key in keys
        ]
        found += [instance for instance, _ in changed_relations(self)]
        return list({id(one): one for one in found if id(one) not in self.removed}.values())

    def changed_names(self, instance: object) -> list[str]:
        """The attributes that differ from the row, relations included. Raises ProgrammingError if the instance does not belong to the unit."""
        place = self.place(instance)
        if place is None:
            if id(instance) in self.added:
                return [column.key for column in table_of(type(instance)).columns]
            raise self._foreign(instance, "look for changes of")
        group = self.groups[type(instance)]
        names = [group.columns[at].key for at in group.differing(group.read(instance), group.snapshots[place])]
        return names + [tie.key for tie in ties_of(group.plan) if changed(self, instance, tie)]

    def has_work(self) -> bool:
        """Whether a flush would write anything."""
        return bool(
            self.added
            or self.removed
            or any(group.changed() for group in self.groups.values())
            or relations.unwritten(self)
        )

    # --- writing -----------------------------------------------------------------------------------------------------

    def before_flush(self) -> None:
        """Empty what the flush of relations says."""
        self.needs, self.assigning, self.after_inserts = {}, {}, []
        self.before_deletes, self.forced, self.first = [], {}, {}

    async def before(self) -> None:
        """Write what is pending, before somebody reads it or a block begins."""
        if self.autoflush and self.must_write():
            await self._flush(last=False)

    async def flush(self, *, last: bool = False) -> None:
        """Write what is pending. If that fails, rows and pending are as they were. `last`: so that a failure ends the transaction anyway."""
        if self.must_write():
            await self._flush(last=last)

    def must_write(self) -> bool:
        """What another task is writing is waited for: it is pending as well, as far as anybody else can tell."""
        return not self._quiet.here and not self._turn.here and (self._turn.taken or self.has_work())

    async def _flush(self, *, last: bool) -> None:
        from ferrow.orm.unit.flush import write

        link = self._here()
        self._owners.flush(link)
        mark: Mark | None = None
        before: Before = {}
        written: tuple[dict[int, Any], dict[int, Any]] = {}, {}
        apart: Log | None = None

        async def in_turn(unit: Unit, connection: Connection) -> None:
            nonlocal mark, written, before, apart
            if not self.has_work():  # another task was first
                return
            if self._apart():
                self._turn.log = Log()
            await self._read_again(connection)
            before = self._lend(link)
            mark = self._beginning_here(last=last) if self._turn.log is None else self._turn.log.mark()
            await write(unit, connection)
            apart = self._turn.log
            if apart is not None:
                self.overtaken.note(apart)
            written = self._take(before)

        def undo() -> None:
            nonlocal mark
            since, mark = mark, None
            if since is not None:  # and nobody has asked before
                self.added, self.removed = written[0] | self.added, written[1] | self.removed
                if self._blocks or self._visits:
                    self._owners.unwritten(before)
                for key in self._owners.gone(before):
                    self.added.pop(key, None)
                    self.removed.pop(key, None)
                since.undo()

        try:
            if not self._inside():
                await self._quiet.ended(self.engine.world, self.engine.pool.limits.acquire_timeout)
            await self._written(in_turn, undo, last=last)
            if apart is not None:
                self._flushed_apart(apart)
        finally:
            self._owners.flushed(link)

    def _beginning_here(self, *, last: bool) -> Mark:
        """Where the log stood at the beginning of what is rolled back if the flush fails: other tasks may have written there since."""
        link = current(self.engine)
        mark: Mark = self.log.mark() if last or link is None or not link.tells(self) else link.mark_of(self)
        return mark

    def _inside(self) -> bool:
        """Whether the running code is in a nested transaction, the end of which those may be waiting for who are quiet."""
        link = current(self.engine)
        return link is not None and link.parent is not None and link.parent.tells(self)

    async def _written(
        self, write: Callable[[Unit, Any], Awaitable[None]], undo: Callable[[], None], *, last: bool
    ) -> None:
        """Run `write` where a failure undoes it in the database, and in memory by `undo`; not while another task writes.

        Whoever waits for the turn has what it writes in already: a connection, and its turn among the transactions nested there. So no
        two tasks wait for each other.
        """
        link = current(self.engine)
        if last and link is not None:
            async with self._turn.of(self.engine, undo):
                await write(self, link.connection)
            return
        async with AsyncExitStack() as begun:
            scope = self._scope_around()
            scope._undo_first = undo
            transaction = await begun.enter_async_context(scope)
            async with self._turn.of(self.engine, undo):
                # It ends within the turn: COMMIT may fail, and then what was written is pending again.
                async with begun.pop_all():
                    await write(self, transaction.connection)

    def _scope_around(self) -> AsyncTransactionScope:
        """A transaction for what is written, which does not ask that it be written first."""
        scope = self.engine.transaction()
        scope._notifies, scope._observer = False, self
        return scope

    def _apart(self) -> bool:
        """Whether the running code is in a transaction that is none of the unit's."""
        return False

    def _flushed_apart(self, log: Log) -> None:
        """What a flush has written that was a transaction of its own."""

    def _goes_on(self) -> bool:
        link = current(self.engine)
        return link is not None and link.tells(self)

    def unsaved(self) -> list[str]:
        """What has not been written, for messages."""
        found = [f"a new {type(one).__name__}" for one in self.added.values()]
        for group in self.groups.values():
            finder = group.plan.words.key("update()")
            for places, keys in group.changes().items():
                names = ", ".join(group.columns[place].key for place in places)
                for key in keys:
                    found.append(f"{finder.shown(key if isinstance(key, tuple) else (key,))} ({names})")
        found += relations.shown(self)
        return found + [f"a deleted {type(one).__name__}" for one in self.removed.values()]
