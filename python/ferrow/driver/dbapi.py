"""The part of a connection that PEP 249 describes: cursors, and the transaction they open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from ferrow.driver.cursor import AsyncCursor
from ferrow.driver.implicit import Implicit
from ferrow.driver.rows import RowShape

if TYPE_CHECKING:
    from ferrow._core import Row
    from ferrow.driver.connection import AsyncConnection


class AsyncDbapi:
    """Cursors, commit and rollback, for connections."""

    __slots__ = ()

    _implicit: Implicit

    def _conn_here(self) -> AsyncConnection:
        """The connection to work on."""
        raise NotImplementedError

    @overload
    def cursor(self, *, rows: Literal["tuple"] = "tuple") -> AsyncCursor[tuple[Any, ...]]: ...
    @overload
    def cursor(self, *, rows: Literal["row"]) -> AsyncCursor[Row]: ...
    @overload
    def cursor(self, *, rows: Literal["dict"]) -> AsyncCursor[dict[str, Any]]: ...
    @overload
    def cursor(self, *, rows: RowShape) -> AsyncCursor: ...
    def cursor(self, *, rows: RowShape = "tuple") -> AsyncCursor:
        """A cursor as PEP 249 describes it. Unlike `query` and `execute`, its statements do not commit by themselves.

        The first one opens a transaction, unless one is open, which lasts until `commit` or `rollback` of the connection; what else
        the connection does meanwhile belongs to it. On SQLite reading opens none. With `autocommit` nothing does.

        Args:
            rows: what rows become: "tuple", "row" (`Row`) or "dict".
        """
        conn = self._conn_here()
        conn.wire  # noqa: B018  # raises if it is closed
        self._implicit.used = True
        return AsyncCursor(conn, rows=rows)

    @property
    def autocommit(self) -> bool:
        """Whether statements of cursors commit by themselves; False unless `connect` was told otherwise.

        Set it between transactions; inside one that is a ProgrammingError.
        """
        return self._implicit.autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self._implicit.set_autocommit(self._conn_here(), value)

    async def commit(self) -> None:
        """Make permanent what the cursors did; nothing happens when no transaction is open.

        Raises:
            OperationalError: a statement in it failed; everything was rolled back.
            CommitUnknown: the connection was lost before COMMIT was answered.
            ProgrammingError: inside `transaction()` or `begin()`, which end in their own way.
        """
        await self._implicit.commit(self._conn_here())

    async def rollback(self) -> None:
        """Undo what the cursors did since the last commit; nothing happens when no transaction is open.

        Raises ProgrammingError inside `transaction()` or `begin()`, which end in their own way.
        """
        await self._implicit.rollback(self._conn_here())
