"""Collections that write single links, `await book.tags.add(gothic)`: those of relations that are annotated so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Self, TypeVar, get_args
from weakref import ref

from ferrow._core import drive
from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan
    from ferrow.orm.relations.tie import Tie
    from ferrow.orm.unit.unit import Unit

T = TypeVar("T")


class ManyToManyCollection(list[T]):
    """The objects of a many-to-many relation: a list, whose `add`, `remove` and `clear` write their links one by one.

        tags: Mapped[ManyToManyCollection["Tag"]] = relationship(secondary="book_tags")

        await book.tags.add(gothic, french)         # with a sync session it is done in the call: book.tags.add(gothic, french)

    They are `session.link`, `unlink` and `clear_links`. Where a unit of work follows the owner they change the list instead, as `append`
    does, and the flush writes that. Objects that were loaded or inserted have such collections; a copy is a list that belongs to no object.
    """

    __slots__ = ("_engine", "_key", "_owner")

    def __init__(self, objects: Iterable[T] = ()) -> None:
        super().__init__(objects)
        self._engine: AsyncEngine | None = None
        self._owner: Callable[[], Any] = _nobody
        self._key = ""

    @classmethod
    def of(cls, engine: AsyncEngine, owner: Any, key: str, objects: Iterable[T] = ()) -> Self:
        """What the relation `key` of `owner` holds."""
        self = cls(objects)
        self._engine, self._key = engine._real, key
        try:
            self._owner = ref(owner)
        except TypeError:  # a class with slots, and none for weak references
            self._owner = lambda: owner
        return self

    def add(self, *others: Any) -> Awaitable[None]:
        """Link objects, new ones are inserted, or keys of rows; linking what is linked already does nothing.

        Raises:
            ProgrammingError: an object of another model; or the collection belongs to no object (any more).
            ForeignKeyViolation: a key that no row has.
        """
        owner, tie, engine, followed = self._place("add()")
        if followed:
            objects, keys = _linking().sorted_out(tie, others)
            known = _known(tie, self)
            for one in objects:
                marks = _known(tie, [one])
                if known.isdisjoint(marks):
                    known |= marks
                    self.append(one)
            others = tuple(keys)
        return _done(engine, _linking().link(engine, engine.dialect, owner, self._key, others), followed and not others)

    def remove(self, *others: Any) -> Awaitable[None]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # a list's takes one
        """Unlink objects, or keys of rows; unlinking what is not linked does nothing. Raises ProgrammingError as `add`."""
        owner, tie, engine, followed = self._place("remove()")
        if followed:
            objects, keys = _linking().sorted_out(tie, others)
            gone = _known(tie, objects) | set(keys)
            there = {mark for one in self if not gone.isdisjoint(_known(tie, [one])) for mark in _known(tie, [one])}
            self[:] = [one for one in self if gone.isdisjoint(_known(tie, [one]))]
            left = [one for one in objects if there.isdisjoint(_known(tie, [one]))]
            others = (*left, *[key for key in keys if key not in there])
        return _done(
            engine, _linking().unlink(engine, engine.dialect, owner, self._key, others), followed and not others
        )

    def clear(self) -> Awaitable[None]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # see remove
        """Unlink all. Raises ProgrammingError as `add`."""
        owner, _, engine, followed = self._place("clear()")
        if followed:
            self[:] = []
        return _done(engine, _linking().clear(engine, engine.dialect, owner, self._key), followed)

    def _place(self, doing: str) -> tuple[Any, Tie, AsyncEngine, bool]:
        """The owner, the relation, the engine, and whether a unit of work follows the owner."""
        from ferrow.orm.plan import plan_of
        from ferrow.orm.unit.opened import engine_of, following

        engine = self._engine
        owner = self._owner()
        if engine is None or owner is None:
            raise ProgrammingError(
                f"{doing} of a collection that belongs to no object (any more): it is a copy, or nobody holds its owner. Write "
                "session.link(owner, relation, ...), unlink or clear_links"
            )
        tie = _linking().tie_for(plan_of(type(owner), engine.dialect), owner, self._key, doing)
        followed = following(owner) is not None
        return owner, tie, engine_of(owner, doing) if followed else engine, followed

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return type(self), (), None, iter(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        """In a Pydantic model it is checked as a list is."""
        return handler(list[get_args(source) or (Any,)])  # type: ignore[misc]  # made at run time


class PartialLinks(ManyToManyCollection[T]):
    """Some objects of a many-to-many relation: it was loaded with conditions."""

    __slots__ = ()

    def clear(self) -> Awaitable[None]:  # type: ignore[override]  # see remove
        """Unlink those that were loaded. Raises ProgrammingError as `add`."""
        return self.remove(*self)


def begin(engine: AsyncEngine, plan: Plan[Any], instances: Iterable[Any], unit: Unit | None = None) -> None:
    """Objects that have just been inserted are linked with what they say, and else with nothing."""
    from ferrow.orm.relations.tie import ties_of
    from ferrow.orm.unit.around import unit_of

    for tie in ties_of(plan):
        if tie.writes_links:
            unit = unit or unit_of(engine)
            for one in instances:
                there = tie.value(one)
                if there.__class__ is not ManyToManyCollection or there._engine is None:
                    plan.writer.attach(one, tie.key, ManyToManyCollection.of(engine, one, tie.key, tie.checked(there)))
                    if unit is not None and unit.follows:
                        unit.remembered.keep(one, tie)


LISTS = frozenset((list, ManyToManyCollection))
"""The classes of lists that hold a relation as a whole."""


def _nobody() -> None:
    """The owner of a copy."""


def _done(engine: AsyncEngine, work: Coroutine[Any, Any, Any], already: bool) -> Awaitable[None]:
    """What to await: all is done `already`, or by the call in sync code, or when it is awaited."""
    from ferrow.orm.unit.opened import Done

    if already:
        work.close()
    elif engine.world.name != "blocking":
        return work
    else:
        drive(work)
    return Done(None)


def _linking() -> Any:
    from ferrow.orm.relations import linking

    return linking


def _known(tie: Tie, objects: Iterable[Any]) -> set[Any]:
    """What objects are known by: themselves, and the keys of those that have one, as the junction has them."""
    from ferrow.model.writing import row_getter

    read = row_getter(tie.link.far)
    return {id(one) for one in objects} | {key for one in objects if None not in (key := read(one))}
