"""Which models a program has registered, and which of their tables are known to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ferrow.engine.context import current
from ferrow.engine.ensure import ensure
from ferrow.engine.following import follow
from ferrow.repository.errors import InvalidArgument
from ferrow.repository.names import NAMES, table_of

if TYPE_CHECKING:
    from ferrow.engine.context import Link
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.ensure import Conflict


class Gate:
    """Whether the table of a model is as it should be, as far as anybody here is to see to that. Repositories of one database share it.

    What was done in a transaction is there for that one only until it is committed: `link` is that transaction.
    """

    __slots__ = ("__weakref__", "link", "open")

    def __init__(self, *, open: bool = False) -> None:
        self.open: bool = open
        self.link: Link | None = None

    def lets(self, engine: AsyncEngine) -> bool:
        """Whether the table is ready for the code that runs here."""
        if self.open:
            return True
        link = None if self.link is None else current(engine)
        while link is not None and link is not self.link:
            link = link.parent
        return link is not None


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


async def prepare_table(engine: AsyncEngine, model: type, conflict: Conflict, registry: Registry) -> None:
    """Have the table of a model made or completed, in the transaction that is open here; if that is rolled back it is done again."""
    found = gate(engine, model)
    await ensure(engine, table_of(model), conflict=conflict, naming=NAMES)
    found.link = current(engine)
    if found.link is None:
        found.open = True
        return

    def done() -> None:
        found.open, found.link = True, None

    def undone() -> None:
        found.open, found.link = False, None
        registry.ensured.discard(model)

    follow(engine, done, committed=True)
    follow(engine, undone, committed=False)


def checked_conflict(given: Any) -> Conflict:
    """What was said is to happen with tables that cannot be completed. Raises ValueError for another word."""
    if given not in ("raise", "recreate"):
        raise InvalidArgument(f"schema_conflict must be one of: raise, recreate. Got {given!r}.")
    found: Conflict = given
    return found
