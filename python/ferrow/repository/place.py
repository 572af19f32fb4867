"""What a repository talks to: an engine, and the database it may have come with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.engine.engine import AsyncEngine
from ferrow.errors import InterfaceError, shown
from ferrow.orm.colour import coloured
from ferrow.repository.database import AsyncDatabase
from ferrow.repository.dialect import Dialect, named

if TYPE_CHECKING:
    from ferrow.abc import World


class Place:
    """A database, in one colour. `database` is None where an engine was given as it is."""

    __slots__ = ("database", "engine")

    def __init__(self, given: Any, world: World | None) -> None:
        """Raises InterfaceError for what is neither a database nor an engine."""
        core = given if isinstance(given, AsyncDatabase) else getattr(given, "_core", None)
        self.database: AsyncDatabase | None = core if isinstance(core, AsyncDatabase) else None
        if self.database is not None:
            self.engine: AsyncEngine = self.database.engine
            name = "asyncio" if world is None else world.name
            if self.engine.world.name != name:
                kind, other = ("Database", "AsyncDatabase") if name == "blocking" else ("AsyncDatabase", "Database")
                raise InterfaceError(
                    f"a {kind} is needed here, and this is a {other}: use the classes of one call style, with or without Async in their names"
                )
        elif isinstance(given, AsyncEngine) or isinstance(core, AsyncEngine):
            self.engine = coloured(given, world)
        else:
            raise InterfaceError(
                f"a repository needs a Database or an engine, not {shown(given)}; wrap a connection in Database(connection, dialect), "
                "or make an engine with create_engine(url)"
            )

    @property
    def dialect(self) -> Dialect:
        """How the database is spoken to in raw SQL."""
        return named(self.engine.dialect.name) if self.database is None else self.database.dialect

    @property
    def given(self) -> bool:
        """Whether it is a connection of the program's own, on which it may have begun a transaction by itself."""
        return self.database is not None and self.database._given.connection is not None
