"""COPY FROM STDIN: rows, or data that are written already, into a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.driver.copy_data import copy_data
from ferrow.driver.copy_places import placed, table_of
from ferrow.driver.copy_rows import copy_rows
from ferrow.driver.copy_source import check_source
from ferrow.driver.copy_sql import Options, check_copy, copier, copy_from, naming, other_encoding
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.driver.connection import AsyncConnection


async def copy_statement(
    conn: AsyncConnection, sql: str, source: Any, *, rest: tuple[Any, ...], timeout: float | None = None
) -> int:
    """A whole COPY statement and its data; `rest` are the other arguments, none of which goes with it."""
    _, world = copier(conn)
    if rest != (None, None, None, None, Options()):
        raise InterfaceError("with sql= the statement itself says table, columns and format; its data are source=")
    if source is None:
        raise InterfaceError("with sql= the data to copy are source=")
    check_source(source, world.name)
    sql = check_copy(sql, "STDIN")
    with placed(table_of(sql)):
        return await copy_data(conn, sql, source, timeout, other_encoding(sql))


async def copy_table(
    conn: AsyncConnection,
    table: str | None,
    schema: str | None,
    columns: Sequence[str] | None,
    options: Options,
    rows: Any,
    timeout: float | None = None,
) -> int:
    """Rows, or data in one of COPY's formats, into a table."""
    _, world = copier(conn)
    if table is None:
        raise InterfaceError("copy_in takes the name of a table, or sql= with a whole COPY statement")
    if rows is None:
        raise InterfaceError(f"there is nothing to copy into {table!r}: pass the rows as the second argument")
    sql = copy_from(table, schema, columns, options)
    check_source(rows, world.name)
    with naming(table, schema), placed(table):
        if options.format == "binary":
            return await copy_rows(conn, table, schema, columns, rows, timeout)
        return await copy_data(conn, sql, rows, timeout)
