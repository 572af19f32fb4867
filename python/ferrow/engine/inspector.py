"""What is in the database: tables as it describes them, and what they and the models do not agree in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ferrow._core import Shape
from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.table import Table
    from ferrow.schema.compare import Difference
    from ferrow.schema.found import FoundTable
    from ferrow.schema.introspect import Rows

_TUPLES = Shape.tuples()


class AsyncInspector:
    """Reads what an engine's database has; made by `engine.inspector()`. It changes nothing and keeps nothing."""

    __slots__ = ("_engine",)

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def tables(self, schema: str | None = None) -> list[FoundTable]:
        """All tables and views of a schema, by name.

        `schema` is one of PostgreSQL, an attached database of SQLite or a database of MariaDB's server; None: the one in which the
        connection creates tables.
        """
        return await self._read(schema, None)

    async def table(self, name: str, schema: str | None = None) -> FoundTable | None:
        """The table or view called `name`, None if there is none; `schema` as for `tables`."""
        if not isinstance(name, str):
            raise ProgrammingError(f"the name of a table is a str, not {name!r}")
        found = await self._read(schema, name)
        return found[0] if found else None

    async def compare(self, *models: type) -> list[Difference]:
        """What the database and these models, of any style, do not agree in; empty if they agree.

        `str()` of a difference is a sentence, its class says what it is, and `conflicts` whether programs will fail.
        Raises ModelError for what is no model.
        """
        from ferrow.model.binding import table_of

        return [difference for model in models for difference in await self._compare(table_of(model))]

    async def _compare(self, table: Table, naming: Mapping[str, str] | None = None) -> list[Difference]:
        from ferrow.engine.changing import served
        from ferrow.schema.compare import compare

        found = await self.table(table.name, table.schema)
        return compare(table, found, await served(self._engine), naming=naming)

    async def _read(self, schema: str | None, name: str | None) -> list[FoundTable]:
        from ferrow.engine.changing import served
        from ferrow.schema.introspect import tables

        if schema is not None and not isinstance(schema, str):
            raise ProgrammingError(f"the name of a schema is a str, not {schema!r}")
        engine = self._engine
        reading = tables(await served(engine), schema, name)
        rows: Rows | None = None
        try:
            while True:
                question = next(reading) if rows is None else reading.send(rows)
                rows = (await engine.run(question.sql, question.params, _TUPLES)).rows
        except StopIteration as end:
            found: list[FoundTable] = end.value
            return found
