"""What an engine does about tables: creates them, drops them, says what they look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.engine.part import AsyncPart
from ferrow.errors import ProgrammingError, nearest

if TYPE_CHECKING:
    from ferrow.engine.inspector import AsyncInspector
    from ferrow.schema.info import ColumnInfo, ConstraintInfo, IndexInfo, TableInfo


class AsyncTables(AsyncPart):
    """The part of an engine that knows tables. Names of tables are those of the schema in which the connection creates tables."""

    __slots__ = ()

    # --- as models describe them -------------------------------------------------------------------------------------

    async def create_all(self, *models: type) -> None:
        """Create the tables and indexes of these models that do not exist yet, in one transaction.

        Models of any style; without arguments every declared `Base` subclass. Raises ModelError for what is not a model.
        """
        from ferrow.engine.changing import run_all, served
        from ferrow.engine.ddl import create_script

        await run_all(self._whole, create_script(models, await served(self._whole)))

    async def drop_all(self, *models: type) -> None:
        """Drop the tables of these models where they exist, in one transaction. Models as for `create_all`."""
        from ferrow.engine.changing import run_all, served
        from ferrow.engine.ddl import drop_script

        await run_all(self._whole, drop_script(models, await served(self._whole)))

    # --- as the database has them ------------------------------------------------------------------------------------

    def inspector(self) -> AsyncInspector:
        """What reads the tables that the database has, and compares them with models; see `ferrow.engine.inspector`."""
        from ferrow.engine.inspector import AsyncInspector

        return AsyncInspector(self._whole)

    async def get_tables(self) -> list[str]:
        """The names of all tables, sorted; not those of views."""
        return [one.name for one in await self.inspector().tables() if one.kind == "table"]

    async def get_table_info(self, table: str) -> TableInfo:
        """The columns, indexes and constraints of a table or view; `engine.inspector()` knows more.

        Raises:
            ProgrammingError: there is no such table; names the nearest.
        """
        from ferrow.schema.info import info_of

        found = await self.inspector().table(table)
        if found is None:
            known = [one.name for one in await self.inspector().tables()]
            raise ProgrammingError(f"there is no table {table!r}. {nearest(table, known)}")
        return info_of(found)

    async def get_columns(self, table: str) -> list[ColumnInfo]:
        """The columns of a table or view, in order. Raises as `get_table_info`."""
        return (await self.get_table_info(table)).columns

    async def get_indexes(self, table: str) -> list[IndexInfo]:
        """The indexes of a table that belong to no constraint; MariaDB has no unique constraints but such indexes.

        Raises as `get_table_info`.
        """
        return (await self.get_table_info(table)).indexes

    async def get_constraints(self, table: str) -> list[ConstraintInfo]:
        """Primary key, foreign keys, unique constraints and checks of a table. Raises as `get_table_info`."""
        return (await self.get_table_info(table)).constraints

    # --- which database it is ----------------------------------------------------------------------------------------

    def is_postgres(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._whole.dialect.name == "postgresql"

    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self._whole.dialect.name == "sqlite"

    def is_mysql(self) -> bool:
        """Whether the database is MariaDB or MySQL."""
        return self._whole.dialect.name == "mysql"
