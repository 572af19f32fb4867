"""Which models a program has registered, and which of their tables are known to be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from ferrow.engine.context import current
from ferrow.engine.ensure import ensure
from ferrow.engine.following import follow
from ferrow.repository.errors import InvalidArgument
from ferrow.repository.names import table_of

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine

Conflict = Literal["raise", "recreate"]


class Gate:
    """Whether the table of a model is as it should be, as far as anybody here is to see to that. Repositories of one database share it."""

    __slots__ = ("__weakref__", "open")

    def __init__(self, *, open: bool = False) -> None:
        self.open = open


OPEN = Gate(open=True)
"""For tables that are somebody else's business."""

CLOSED = Gate()
"""For models that were not asked about yet. Never opened."""

_GATES: WeakKeyDictionary[AsyncEngine, WeakKeyDictionary[type, Gate]] = WeakKeyDictionary()


def gate(engine: AsyncEngine, model: type) -> Gate:
    """The gate of a model on a database."""
    return _GATES.setdefault(engine, WeakKeyDictionary()).setdefault(model, Gate())


class Registry:
    """The models that were registered, shared by a repository and those it makes for related models."""

    __slots__ = ("ensured", "left", "models")

    def __init__(self) -> None:
        self.models: set[type] = set()
        self.left: set[type] = set()
        """Registered with `ensure=False`: nobody looks after their tables."""
        self.ensured: set[type] = set()
        """Whose tables were seen to because somebody said `ensure=True`."""


async def prepare_tables(
    engine: AsyncEngine, model: type, conflict: Conflict, registry: Registry, *, again: bool
) -> None:
    """Have the tables of a model and of those it refers to made or completed, each once per database; `again`: that of the model anyway.

    It happens in the transaction that is open here; if that is rolled back it is done again when it is needed.
    """
    for one in [*_targets(model), model]:
        found = gate(engine, one)
        if found.open and not (again and one is model):
            continue
        await ensure(engine, table_of(one), conflict=conflict)
        found.open = True
        if current(engine) is not None:
            follow(engine, _closing(found, registry, one), committed=False)


def _closing(found: Gate, registry: Registry, model: type) -> Any:
    def close() -> None:
        found.open = False
        registry.ensured.discard(model)

    return close


def _targets(model: type) -> Iterator[type]:
    """The models it refers to, those they refer to first."""
    known: dict[type, None] = {}

    def visit(one: type) -> None:
        for key in table_of(one).references:
            target = key.model
            if target is not None and target is not model and target not in known:
                known[target] = None
                visit(target)
                known[target] = known.pop(target)

    visit(model)
    return iter(known)


def checked_conflict(given: Any) -> Conflict:
    """What was said is to happen with tables that cannot be completed. Raises ValueError for another word."""
    if given not in ("raise", "recreate"):
        raise InvalidArgument(f"schema_conflict must be one of: raise, recreate. Got {given!r}.")
    found: Conflict = given
    return found
