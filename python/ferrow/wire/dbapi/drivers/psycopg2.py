"""psycopg 2."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg2  # pyright: ignore[reportMissingImports]
import psycopg2.extensions  # pyright: ignore[reportMissingImports]

from ferrow.errors import ProgrammingError
from ferrow.lexical import reported
from ferrow.wire.dbapi.drivers.postgresql import Postgresql, diagnosed
from ferrow.wire.dbapi.rewritten import rewritten


class Psycopg2(Postgresql):
    """A connection of psycopg2, which writes values into its statements."""

    name = "psycopg2"
    cancels = True

    __slots__ = ()

    def in_transaction(self) -> bool:
        return self.conn.get_transaction_status() in (1, 2, 3)

    def failed(self) -> bool:
        return bool(self.conn.get_transaction_status() == 3)

    @property
    def closed(self) -> bool:
        return bool(self.conn.closed)

    @property
    def reading(self) -> str:
        return reported(self.conn.get_parameter_status("standard_conforming_strings"))

    @property
    def version(self) -> str:
        return self.conn.get_parameter_status("server_version") or ""

    @property
    def pid(self) -> int | None:
        return int(self.conn.get_backend_pid())

    async def ask(self, sql: str, values: list[Any] | None) -> tuple[list[str] | None, Sequence[Sequence[Any]], int]:
        try:
            with self.conn.cursor(cursor_factory=psycopg2.extensions.cursor) as cursor:
                if values is None:
                    cursor.execute(sql)
                else:
                    written = rewritten(sql, self.reading, "format")
                    cursor.execute(written.sql, tuple(written.values(values)))
                description = cursor.description
                if description is None:
                    return None, (), cursor.rowcount
                return [column.name for column in description], cursor.fetchall(), cursor.rowcount
        except (TypeError, IndexError) as error:  # it fills in texts as Python's % does
            made = ProgrammingError(
                f"the statement takes another number of parameters than the {len(values or ())} given"
            )
            made.query = sql
            raise made from error
        except psycopg2.Error as error:
            raise diagnosed(error, error.pgcode, sql) from error

    def cancel(self) -> None:
        with suppress(psycopg2.Error):
            self.conn.cancel()
