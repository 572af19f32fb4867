"""The units of work that are open now: how an instance finds the one it belongs to. Instances themselves remember nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import ref

from ferrow._core import drive
from ferrow.engine.context import current
from ferrow.errors import ProgrammingError
from ferrow.model.sites import elsewhere
from ferrow.orm.unit.block import Block
from ferrow.orm.unit.engine import UnitEngine

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.unit.unit import Unit

T = TypeVar("T")

_open: dict[int, ref[Unit]] = {}


def opened(unit: Unit) -> None:
    """A block begins; one that is never left is forgotten with its unit."""
    key = id(unit)
    _open[key] = ref(unit, lambda _: _open.pop(key, None))


def ended(unit: Unit) -> None:
    """The block has ended."""
    _open.pop(id(unit), None)


def engine_of(instance: Any, doing: str) -> AsyncEngine:
    """The engine of the unit that follows an instance, as the unit's session has it.

    Raises:
        ProgrammingError: no open unit follows it, or one that belongs to another task or thread.
    """
    unit = following(instance)
    name = type(instance).__name__
    if unit is None:
        raise ProgrammingError(
            f"{doing} of a {name} that belongs to no session: only in the block of the session that read it (`with Session(engine) as session`, "
            f"begin(), session_context()) does an instance know where it comes from. Write session.load(instance, ...), which works anywhere; for many "
            "objects at once session.load_for(instances, ...)"
        )
    engine = unit.engine
    if isinstance(unit, Block):
        return UnitEngine(engine, unit)
    link = current(engine)
    if link is None or link.observer is not unit:
        raise ProgrammingError(
            f"{doing} of a {name} that was read in a transaction of another task or thread. Write session.load(instance, ...) with a session of this one"
        )
    return engine


def following(instance: Any) -> Unit | None:
    """The open unit of work that follows an instance, None without one."""
    model = type(instance)
    units = [unit for one in [*_open.values()] if (unit := one()) is not None and model in unit.groups]
    for unit in units:  # by key first: that is one look into a dict
        group = unit.groups[model]
        if group.instances.get(group.key(instance)) is instance:
            return unit
    return next((unit for unit in units if unit.place(instance) is not None), None)


def _site_of(instance: Any) -> str | None:
    unit = following(instance)
    return None if unit is None else unit.sites.of(instance, unit.place(instance))


elsewhere.insert(0, _site_of)  # it knows better than who knows of all units together


class Done(Generic[T]):
    """What was waited for already; `await` gives it too."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def __await__(self) -> Generator[Any, Any, T]:
        return self._value
        yield


def load(instance: T, relations: tuple[Any, ...]) -> Awaitable[T]:
    """Load relations of one instance, in the colour of the session it belongs to."""
    engine = engine_of(instance, f"load({', '.join(map(_shown, relations))})")
    if engine.world.name == "blocking":
        return Done(drive(_load(engine, instance, relations)))
    return _load(engine, instance, relations)


async def _load(engine: AsyncEngine, instance: T, relations: tuple[Any, ...]) -> T:
    from ferrow.orm.loading.later import load_for

    await load_for(engine, engine.dialect, [instance], relations)
    return instance


def _shown(relation: Any) -> str:
    return (
        repr(relation)
        if isinstance(relation, str)
        else getattr(getattr(relation, "relation", None), "label", repr(relation))
    )
