"""Statements inside a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.driver.batch import statements
from ferrow.driver.given_rows import check_rows
from ferrow.driver.inside import leave_to_block
from ferrow.driver.one import exactly_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ferrow._core import Kinds, Result, Row
    from ferrow.abc import Params
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.rows import Made

_ROWS = Shape.rows()


class AsyncInside:
    """The part of a transaction that runs statements."""

    __slots__ = ()

    def _check(self) -> AsyncConnection:
        """The connection; raises unless the transaction is open."""
        raise NotImplementedError

    async def run(
        self,
        sql: str,
        params: Params = None,
        shape: Shape[Made] | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result[Made]:
        """Run one statement inside the transaction, its rows in any shape. Arguments are those of `AsyncConnection.run`.

        Raises:
            ProgrammingError: the transaction has ended or was not started; or as `AsyncConnection.run`.
            QueryTimeout: `timeout` seconds passed; the transaction has failed then, as after any other error of a statement.
        """
        return await self._check().wire.run(sql, params, shape or _ROWS, kinds, timeout)

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape[Made] | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result[Made]:
        """Run one statement for many rows of parameters inside the transaction. Arguments are those of `AsyncConnection.run_many`.

        An error says at which row it was. `timeout` is for all of them together; what is raised is as for `run`.
        """
        check_rows(rows)
        return await self._check().wire.run_many(sql, rows, shape or _ROWS, kinds, timeout)

    async def query(self, sql: str, params: Params = None, timeout: float | None = None) -> list[Row]:
        """Run a statement and return all its rows. Arguments (`timeout` too) and errors are those of `AsyncConnection.query`."""
        return (await self._check().wire.run(sql, params, _ROWS, None, timeout)).rows

    async def query_one(self, sql: str, params: Params = None, timeout: float | None = None) -> Row:
        """Run a statement that returns exactly one row. Arguments, with `timeout`, and errors are as for `AsyncConnection.query_one`."""
        rows: list[Row] = (await self._check().wire.run(sql, params, _ROWS, None, timeout)).rows
        return exactly_one(rows, sql)

    async def execute(self, sql: str, params: Params = None, timeout: float | None = None) -> int:
        """Run a statement and return how many rows it affected; 0 where none are counted.

        Arguments (`timeout` too) are those of `AsyncConnection.execute`; errors as for `run`.
        """
        return max(0, (await self._check().wire.run(sql, params, _ROWS, None, timeout)).rowcount)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], timeout: float | None = None) -> int:
        """Run a statement once per row of parameters, and return how many rows that affected; 0 where none are counted.

        `timeout` is for all of them together, as for `query`.
        """
        return max(0, (await self._check().wire.run_many(sql, rows, _ROWS, None, timeout)).rowcount)

    async def execute_batch(self, queries: Sequence[str], timeout: float | None = None) -> list[int]:
        """As `AsyncConnection.execute_batch`, inside the transaction: it fails, `timeout` included, as one statement there would."""
        found = statements(queries)
        wire = self._check().wire
        return await wire.batch(found, timeout) if found else []

    async def script(self, sql: str, timeout: float | None = None) -> None:
        """Run several statements, separated by semicolons, without parameters and without results. `timeout` as for `query`."""
        conn = self._check()
        leave_to_block(sql)
        await conn.wire.script(sql, timeout)

    async def notify(self, channel: str, payload: str = "") -> None:
        """As `AsyncConnection.notify`: sent when the transaction is committed, and not at all when it is rolled back."""
        await self._check().notify(channel, payload)
