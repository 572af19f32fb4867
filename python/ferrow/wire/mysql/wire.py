"""The `Wire` to MariaDB. It asks by `_ask` (`asking`), which waits in the colour of the subclass; all else is the same in both."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import Result, Shape
from ferrow.errors import (
    DatabaseError,
    NotSupportedError,
)
from ferrow.process import pid
from ferrow.wire.deadline import limit
from ferrow.wire.mysql.asking import MysqlAsking
from ferrow.wire.mysql.blame import Blame
from ferrow.wire.mysql.budget import Deadline
from ferrow.wire.mysql.comments import server
from ferrow.wire.mysql.cursor import MysqlCursor
from ferrow.wire.mysql.guard import Guard
from ferrow.wire.mysql.joined import Piece, Rows, apart, joined, parted
from ferrow.wire.mysql.modes import Altered, Manner, Modes
from ferrow.wire.mysql.packed import packed, packs
from ferrow.wire.mysql.refused import gone
from ferrow.wire.mysql.results import given, shaped
from ferrow.wire.mysql.texts import statements
from ferrow.wire.mysql.together import check_batch, together
from ferrow.wire.mysql.written import Written, of_row
from ferrow.wire.sequence import WireSequence

if TYPE_CHECKING:
    from ferrow._core import Kinds
    from ferrow.abc import Params
    from ferrow.wire.settings import Settings

Made = TypeVar("Made")

_TUPLES = Shape.tuples()


class MysqlWire(MysqlAsking):
    """One connection, over a driver's `_conn`."""

    dialect = "mysql"
    run_now = rows_now = None
    busy = False
    """What is abandoned loses its connection, and the server ends it."""
    news = None
    no_codecs = "codecs are for the types of PostgreSQL and SQLite; MariaDB's types have none"
    no_news = "MariaDB has no notifications: that needs postgresql://"
    no_copy = "MariaDB has no COPY: that needs postgresql://"

    __slots__ = (
        "__weakref__",
        "_conn",
        "_guard",
        "_limit",
        "_most",
        "_open",
        "_own",
        "_pid",
        "_server",
        "_settings",
    )

    def __init__(self, conn: Any, settings: Settings, tracks: bool) -> None:
        self._conn = conn
        self._settings = settings
        self._limit = settings.command_timeout
        self._failed = False
        self._server = server(conn.get_server_info())
        self._guard = Guard(self._server)
        self._modes = Modes()
        self._tracks = tracks and not self._server.mariadb  # that one says nothing of SET @@sql_mode
        self._most = 0  # bytes of a statement; not asked yet
        self._loss: str | None = None
        self._open: MysqlCursor | None = None  # whose rows are still on their way
        self._own = not self._server.mariadb
        """Whether it is MySQL, which is told many things in other words."""
        self._packs = True
        self._pid = pid()
        self._refused = 0
        self._since = monotonic()
        self.requests = 0

    # --- what waits ---------------------------------------------------------------------------------------------------

    @abstractmethod
    async def next_row(self, result: Any, seconds: float | None, what: str) -> Any:
        """The next row of a result that is read in pieces, None at its end. Raises QueryTimeout, or what the driver raises."""

    # --- statements ---------------------------------------------------------------------------------------------------

    async def _unaltered(self, work: Callable[[Manner], Awaitable[Made]]) -> Made:
        """What `work` gives, which writes values in a manner, once more if that is not the session's any more when they are to be sent."""
        while True:
            try:
                return await work(self.manner)
            except Altered as error:
                if error.begun:
                    raise

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        deadline = Deadline(limit(timeout, self._limit))

        async def run(manner: Manner) -> Result:
            texts = Written(sql, kinds, manner, own=self._own).texts(params)
            if len(texts) > 1:
                return await self._in_pieces([Piece(text, said, 1) for said, text in texts], shape, deadline, manner)
            ((said, text),) = texts
            return shaped(await self.ask(text, deadline.left(), manner=manner), shape, said)

        return await self._unaltered(run)

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """All or nothing: outside a transaction in one of its own."""
        deadline = Deadline(limit(timeout, self._limit))
        kept = rows if isinstance(rows, Sequence) else list(rows)
        return await self._unaltered(lambda manner: self._run_many(sql, kept, shape, kinds, deadline, manner))

    async def _run_many(
        self,
        sql: str,
        rows: Sequence[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None,
        deadline: Deadline,
        manner: Manner,
    ) -> Result:
        # An INSERT of several rows must do with each what one of that row does, and the server say which one it refused.
        if len(rows) > 2 and not self._own and manner.modes.strict and (parts := parted(sql)) is not None:
            many = Rows(parts, Written(parts.row, kinds, manner, own=False).each(rows))
            fewer = joined(sql, many, await self._packet(deadline))
            blame = Blame(self, fewer, deadline)
            try:
                return await self._in_pieces(fewer, shape, deadline, manner, blame)
            except DatabaseError:
                if not blame.again:
                    raise
            pieces = apart(sql, many)
        else:
            pieces = _pieces(Written(sql, kinds, manner, own=self._own), rows)
        groups = packed(pieces, await self._packet(deadline)) if packs(pieces) else None
        return await self._in_pieces(pieces, shape, deadline, manner, Blame(self, pieces, deadline), groups)

    async def _packet(self, deadline: Deadline) -> int:
        """The bytes that the server takes in one statement, which cannot change as long as the connection lasts."""
        if not self._most:
            self._most = int((await self.ask("SELECT @@max_allowed_packet", deadline.left())).rows[0][0])
        return self._most

    async def _in_pieces(
        self,
        pieces: Sequence[Piece],
        shape: Shape,
        deadline: Deadline,
        manner: Manner,
        blame: Blame | None = None,
        groups: list[list[str]] | None = None,
    ) -> Result:
        """The rows of all statements that are sent for rows of parameters. `groups`: their texts, as far as they go together."""
        texts = [piece.text for piece in pieces]
        answers = await together(self, texts, deadline, groups=groups, blame=blame, manner=manner)
        results = [shaped(answer, shape, piece.said) for answer, piece in zip(answers, pieces, strict=True)]
        found: list[Any] = [row for result in results for row in result.rows]
        affected = sum(max(0, result.rowcount) for result in results)
        columns = next((result.columns for result in results if result.columns), ())
        return given(found, columns, affected)

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        check_batch(statements, self._server, self.reading)
        deadline = Deadline(limit(timeout, self._limit))
        results = await together(self, list(statements), deadline, numbered=True)
        return [max(0, shaped(result, _TUPLES, "").rowcount) for result in results]

    async def script(self, sql: str, timeout: float | None = None) -> None:
        """One statement after the other: the server takes one at a time."""
        deadline = Deadline(limit(timeout, self._limit))
        if sql in ("COMMIT", "ROLLBACK"):
            await self._change(sql, deadline, "")
            return
        for text in statements(sql, lambda: self.reading):
            if not (self._failed and gone(text)):
                await self.ask(text, deadline.left())

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        await self._change(sql, Deadline(limit(timeout, self._limit)), sql if guarded else "")

    async def _change(self, sql: str, deadline: Deadline, begins: str) -> None:
        """Have the transaction begin or end when nobody is in the midst of what goes together in it. `begins`: as `Guard.set`."""
        await self.take_turn(deadline, sql)
        try:
            self.guard("")
            for text in statements(sql, lambda: self.reading):
                await self.ask(text, deadline.left())
            self.guard(begins)
        finally:
            self._turn.release()

    async def pipeline(self) -> WireSequence:
        return WireSequence(self)

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> MysqlCursor:
        deadline = Deadline(limit(timeout, self._limit))

        async def ask(manner: Manner) -> Any:
            texts = Written(sql, kinds, manner, own=self._own).texts(params)
            if len(texts) > 1:
                raise NotSupportedError(
                    "MySQL has no RETURNING: what a statement changes cannot be read piece by piece"
                )
            return await self.ask(texts[0][1], deadline.left(), pieces=True, manner=manner)

        result = await self._unaltered(ask)
        cursor = MysqlCursor(self, sql, result, shape, limit(timeout, self._limit))
        if cursor.reading:
            self._open = cursor
        return cursor

    def read(self, cursor: MysqlCursor) -> None:
        """Called by a cursor whose rows have all come."""
        if self._open is cursor:
            self._open = None

    def _leave_rows(self) -> None:
        """Rows that are on their way are read by nobody any more."""
        if self._open is not None:
            self._open.reading = False
            self._open = None
        if self._conn._result is not None:
            self._conn._result.unbuffered_active = False

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        """Nothing is kept prepared; a wrong statement is found when it runs."""

    async def clear_cache(self) -> None:
        """Nothing is kept."""


def _pieces(written: Written, rows: Sequence[Sequence[Any]]) -> list[Piece]:
    made: list[Piece] = []
    for place, row in enumerate(rows, 1):
        try:
            made += [Piece(text, said, place) for said, text in written.texts(row)]
        except DatabaseError as error:
            of_row(error, place)
            raise
    return made
