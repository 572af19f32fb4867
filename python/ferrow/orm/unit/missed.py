"""A begin() block that ends in another context than it began in, as that of a plain dependency or fixture that yields: who was given the
session meanwhile was not in the block, either."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.unit.block import Block

if TYPE_CHECKING:
    from ferrow.orm.session import AsyncSession
    from ferrow.orm.unit.unit import Unit


class Missed:
    """What a session is used for outside of a block of its own while that is open."""

    __slots__ = ("_loaded", "_pending", "_session")

    def __init__(self, session: AsyncSession) -> None:
        bare = session._bare
        self._session = session
        self._loaded = session._loaded
        self._pending: dict[int, Any] = {} if bare is None else {**bare.added, **bare.removed}

    def check(self, unit: Unit) -> None:
        """`unit`: that of the block, which ends where nobody knows it.

        Raises:
            ProgrammingError: something would be lost.
        """
        found = self._found(unit)
        if not found:
            return
        waiting, opening = ("", "Session") if unit.engine.world.name == "blocking" else ("await ", "AsyncSession")
        entering = f"{waiting and 'async '}with {opening}(engine) as session"
        raise ProgrammingError(
            f"a begin() block ends in another thread, task or context than it began in, and its session was used outside of it meanwhile: "
            f"{', '.join(found[:5])}{', ...' if len(found) > 5 else ''}. None of that is part of the block, which is rolled back. A dependency "
            f"or fixture that yields holds a session by the block of that: `{entering}: yield session; {waiting}session.commit()`"
        )

    def _found(self, unit: Unit) -> list[str]:
        session, found = self._session, list[str]()
        bare = session._bare
        if bare is not None:
            kinds = (("a new", bare.added), ("a deleted", bare.removed))
            found += chain.from_iterable(
                [f"{kind} {type(one).__name__}" for key, one in pending.items() if self._pending.get(key) is not one]
                for kind, pending in kinds
            )
        if session._loaded and not self._loaded and not unit.groups and not isinstance(unit, Block):
            found.append("instances that were read, whose changes nobody notices")
        return found
