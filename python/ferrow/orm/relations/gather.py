"""From the instances that are to be inserted to all that goes with them: new objects, keys, junction rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.loading.keys import chunks, reader
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.source import Source
from ferrow.orm.relations.tie import Tie, ties_of

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan
    from ferrow.sql import Dialect


class Gathered:
    """What is to be written.

    Attributes:
        new: the instances without a row, by identity, in the order they were met.
        sources: by the identity of an instance, where its foreign keys come from.
        links: pairs of objects of many-to-many relations.
    """

    def __init__(self, dialect: Dialect, known: Callable[[Any], bool] = lambda instance: False) -> None:
        """`known` tells instances of which it is certain that they have a row."""
        self.dialect = dialect
        self.new: dict[int, Any] = {}
        self.sources: dict[int, list[Source]] = {}
        self.links: list[tuple[Tie, Any, Any]] = []
        self._known = known
        self._paired: set[Any] = set()
        self._there: dict[int, Any] = {}
        self._unsure: dict[int, tuple[Any, Tie]] = {}
        self._queue: deque[Any] = deque()
        self._given: dict[tuple[int, str], Source] = {}

    async def gather(self, engine: AsyncEngine, roots: Iterable[Any] = ()) -> None:
        """Take these as new, and follow their relations.

        Raises:
            ProgrammingError: objects and keys contradict each other; a new object behind a relation that does not save it.
        """
        for root in roots:
            self._add(root)
        while self._queue or self._unsure:
            while self._queue:
                self.follow(self._queue.popleft())
            await self._ask(engine)

    def there(self, instance: Any) -> None:
        """An instance has a row."""
        self._there[id(instance)] = instance

    def follow(self, instance: Any, *, moving: bool = True) -> None:
        """Look at what an instance says through its relations. `moving`: objects that have another owner come over to this one."""
        for tie in ties_of(plan_of(type(instance), self.dialect)):
            for one in tie.members(instance):
                self.tied(tie, instance, one, moving=moving)

    def tied(self, tie: Tie, instance: Any, one: Any, *, moving: bool = True) -> None:
        """An instance names another one."""
        self.reach(tie, one)
        if tie.link.junction is not None:
            self._pair(tie, instance, one)
        elif tie.link.belongs:
            self.give(Source(tie, instance, one), moving=True)
        else:
            self.give(Source(tie, one, instance), moving=moving)

    def reach(self, tie: Tie, one: Any) -> None:
        """A related object: it may be new."""
        if id(one) in self.new or id(one) in self._there or id(one) in self._unsure:
            return
        if self._known(one):
            self._there[id(one)] = one
            return
        columns = plan_of(type(one), self.dialect).table.key_columns(f"{tie.relation.label}")
        if any(getattr(one, column.key, None) is None for column in columns):
            self._saved(tie, one)
        elif len(columns) == 1 and columns[0].generated:
            self._there[id(one)] = one  # only a row has a number
        else:
            self._unsure[id(one)] = (one, tie)

    def _saved(self, tie: Tie, one: Any) -> None:
        if not tie.save:
            raise ProgrammingError(
                f"{tie.relation.label} leads to a {type(one).__qualname__} that has no row yet, and does not save it "
                f"(cascade={', '.join(sorted(tie.relation.cascade))!r}): insert it first"
            )
        self._add(one)

    def _add(self, instance: Any) -> None:
        if id(instance) not in self.new:
            self.new[id(instance)] = instance
            self._queue.append(instance)

    def give(self, source: Source, *, moving: bool) -> None:
        """An object gives its key to another one."""
        child, fresh = source.child, id(source.child) in self.new
        shared = False
        for mine in source.columns:
            other = self._given.setdefault((id(child), mine.key), source)
            if other is source:
                continue
            shared = True
            if other.parent is not source.parent and (
                source.value(mine) is None or other.value(mine) != source.value(mine)
            ):
                raise source.other(other)
        if shared and any(each.columns == source.columns for each in self.sources.get(id(child), ())):
            return
        # Whether an object that may be new has a row is not known yet; its keys are compared when they are set.
        if (fresh or not moving) and not source.agrees():
            raise source.contradiction()
        if fresh or id(child) in self._unsure or source.now() != source.key() or source.key()[0] is None:
            self.sources.setdefault(id(child), []).append(source)

    def _pair(self, tie: Tie, one: Any, other: Any) -> None:
        junction = tie.link.junction
        assert junction is not None
        ends = frozenset([(junction.near[0][1].name, id(one)), (junction.far[0][1].name, id(other))])
        if (junction.ref.shape, ends) not in self._paired:
            self._paired.add((junction.ref.shape, ends))
            self.links.append((tie, one, other))

    async def _ask(self, engine: AsyncEngine) -> None:
        """Which of the objects whose keys the program makes have rows."""
        unsure, self._unsure = self._unsure, {}
        models: dict[type, list[tuple[Any, Tie]]] = {}
        for one, tie in unsure.values():
            models.setdefault(type(one), []).append((one, tie))
        for model, members in models.items():
            plan: Plan[Any] = plan_of(model, self.dialect)
            read = reader(plan.table.primary_key)
            there = await existing(engine, plan, [read(one) for one, _ in members])
            for one, tie in members:
                if read(one) in there:
                    self._there[id(one)] = one
                else:
                    self._saved(tie, one)


async def existing(engine: AsyncEngine, plan: Plan[Any], keys: list[Any]) -> set[Any]:
    """Which of these primary keys, as the database has them, there are."""
    from ferrow.orm.loading.some import among, values_of
    from ferrow.sql import Select

    columns = [column.ref for column in plan.table.primary_key]
    found: set[Any] = set()
    for piece in chunks(list(dict.fromkeys(keys)), len(columns)):
        several = len(piece) if len(columns) > 1 else 0
        key = ("existing", several)
        prepared = plan.statements.get(key) or plan.prepare(
            key, Select(columns, plan.table.ref, among(columns, several))
        )
        rows = (await engine.run(prepared.sql, values_of(piece, len(columns)), prepared.shape, prepared.kinds)).rows
        found.update([row[0] if len(columns) == 1 else tuple(row) for row in rows])
    return found
