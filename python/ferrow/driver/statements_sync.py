"""The statements of a sync connection that are not generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.driver.one import exactly_one
from ferrow.driver.statements import ROWS
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Row, Shape
    from ferrow.abc import Params
    from ferrow.driver.rows import Made
    from ferrow.driver.statements import AsyncStatements


class FastPath:
    """The work done without a coroutine, where one is felt.

    One row by its key on SQLite: 3.7 microseconds over `drive`, 3.4 so, of which 3.3 are the core's (sqlite3: 4.3). A wire whose `run_now`
    is None has no fast path: what it does before and after a statement is driven as ever.
    """

    __slots__ = ()

    _core: AsyncStatements

    def run(
        self,
        sql: str,
        params: Params = None,
        shape: Shape[Made] | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result[Made]:
        """Run one statement; its rows come in the asked shape, with what else is known of the result.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: as many values as placeholders; encoded by the type the server describes.
            shape: what rows become, e.g. `Shape.tuples()`; `Row`s if not given.
            kinds: of the parameters, where the database does not describe them (SQLite).
            timeout: as `query`.

        Raises as `query`.
        """
        core = self._core
        now = (core._wire or core.wire).run_now
        if now is None or timeout is not None:
            return drive(core.run(sql, params, shape, kinds, timeout))
        try:
            return now(sql, params, shape or ROWS, kinds)
        except StopIteration as error:
            # Of a model's constructor. It must not end the loop of who asked, as it could not leave a coroutine (PEP 479).
            raise RuntimeError("StopIteration was raised while a result was built") from error

    def query(self, sql: str, params: Params = None, timeout: float | None = None) -> list[Row]:
        """Run one statement and return all its rows.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: a list or tuple with as many values as placeholders; a dict for SQLite's `:name`.
            timeout: seconds, more than 0, after which QueryTimeout is raised and the statement is cancelled in the background;
                None is the connection's `command_timeout`, math.inf no limit.

        Raises:
            ProgrammingError: wrong SQL, or another number of parameters.
            DataError: a value that does not fit the type of its parameter.
            IntegrityError: a constraint was violated, e.g. UniqueViolation.
            OperationalError: ConnectionLost, QueryCancelled, QueryTimeout, DeadlockDetected, SerializationFailure and the like.
            InterfaceError: the connection is closed.
        """
        return self.run(sql, params, None, None, timeout).rows

    def query_one(self, sql: str, params: Params = None, timeout: float | None = None) -> Row:
        """Run a statement that returns exactly one row, and return that. Arguments are those of `query`.

        Raises:
            NoResultFound: there is none (also a LookupError).
            MultipleResultsFound: there are several.
            ProgrammingError, DataError: as `query`.
        """
        core = self._core
        # Not by `query`, because a call more, and the result around the row, are felt in a query of 20 microseconds.
        now = (core._wire or core.wire).rows_now
        if now is None or timeout is not None:
            rows: list[Row] = self.run(sql, params, None, None, timeout).rows
        else:
            try:
                rows = now(sql, params, ROWS)
            except StopIteration as error:
                raise RuntimeError("StopIteration was raised while a result was built") from error
        return rows[0] if len(rows) == 1 else exactly_one(rows, sql)

    def execute(self, sql: str, params: Params = None, timeout: float | None = None) -> int:
        """Run a statement and return the number of rows it affected; 0 for statements that do not count rows.

        Also with RETURNING: `query` gives the rows. A SELECT counts the rows it returns. `timeout`, and what is raised, are as
        for `query`.
        """
        return max(0, self.run(sql, params, None, None, timeout).rowcount)
