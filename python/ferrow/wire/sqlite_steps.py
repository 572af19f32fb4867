"""Pipelines of SQLite, which has nobody to wait for: statements run one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.errors import OperationalError
from ferrow.wire.answer import NOT_COMMITTED, aborted
from ferrow.wire.sqlite import STATUS

if TYPE_CHECKING:
    from ferrow._core import SqliteConnection


class Steps:
    """Runs them, where the connection is used. A transaction that the pipeline began is all or nothing.

    In any other SQLite goes on after an error, where PostgreSQL does not.
    """

    __slots__ = ("_block", "_cause", "_core")

    def __init__(self, core: SqliteConnection) -> None:
        self._core = core
        self._block = False
        self._cause: BaseException | None = None

    def begin(self, sql: str) -> None:
        self._block, self._cause = True, None
        self.do(self._core.begin, sql, True)

    def do(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function(*arguments)`, unless a statement before it has failed that this one needs."""
        if self._cause is not None:
            raise aborted(self._cause)
        try:
            return function(*arguments)
        except BaseException as error:
            if self._block:
                self._cause = error
            raise

    def end(self, sql: str) -> None:
        """COMMIT or ROLLBACK."""
        cause, self._cause, self._block = self._cause, None, False
        if sql == "COMMIT" and cause is None:
            try:
                self._core.script(sql)
            except BaseException:
                self._roll_back()  # SQLite keeps a transaction open whose COMMIT failed
                raise
            return
        self._roll_back()
        if sql == "COMMIT":
            raise OperationalError(NOT_COMMITTED) from cause

    def _roll_back(self) -> None:
        if STATUS[self._core.status] is not Status.IDLE:
            self._core.script("ROLLBACK")
