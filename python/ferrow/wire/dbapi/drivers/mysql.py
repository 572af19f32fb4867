"""What drivers of MariaDB have in common: values are written as literals, and rows read from their texts, as our own wire does."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from ferrow._core import Result
from ferrow.errors import DatabaseError
from ferrow.wire.dbapi.drivers.base import Driver, joined
from ferrow.wire.mysql.columns import Reader
from ferrow.wire.mysql.comments import server
from ferrow.wire.mysql.failures import DOUBTFUL, number
from ferrow.wire.mysql.guard import Guard
from ferrow.wire.mysql.modes import MODES, Modes, may_set, reading
from ferrow.wire.mysql.opening import check_version
from ferrow.wire.mysql.refused import gone, rolled_back
from ferrow.wire.mysql.results import shaped
from ferrow.wire.mysql.session import setup
from ferrow.wire.mysql.texts import bound, statements
from ferrow.wire.mysql.together import check_joined
from ferrow.wire.mysql.tracked import TRACKED
from ferrow.wording import Wording

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params

# It is the program's, and setting it would commit.
_AUTOCOMMIT_SET = "autocommit = 1, "
_TRACKED_SET = f"{TRACKED}, "  # the program's as well, and it is not known whether its driver reads what it asks for
_IN_TRANSACTION = 1  # SERVER_STATUS_IN_TRANS
AUTOCOMMIT = 2  # SERVER_STATUS_AUTOCOMMIT
_ENDS = ("COMMIT", "ROLLBACK")


class Mysql(Driver):
    """A connection to MariaDB. Its session gets our sql_mode and time zone (UTC), in which our statements mean what they say."""

    dialect = "mysql"
    parsed: Mapping[int, type[int] | type[float]] = {}
    """The types of columns whose values the driver makes numbers of."""

    __slots__ = ("_failed", "_guard", "_modes", "_own", "conn")

    def __init__(self, conn: Any) -> None:
        self.conn: Any = conn
        self._own = False  # whether it is MySQL, which is told many things in other words
        self._guard = Guard(server(""))
        self._modes = Modes()
        self._failed = False  # a deadlock has ended the transaction, which the server does not say

    async def setup(self) -> None:
        check_version(self.version)
        found = server(self.version)
        self._own, self._guard = not found.mariadb, Guard(found)
        await self.ask(setup(self.version).replace(_AUTOCOMMIT_SET, "").replace(_TRACKED_SET, ""))

    def in_transaction(self) -> bool:
        return self._failed or bool(self.conn.server_status & _IN_TRANSACTION)

    def failed(self) -> bool:
        return self._failed

    async def inside(self) -> bool:
        if self._failed and self._used():
            self._failed = False  # by a rollback; or it has gone on without the transaction, of which it was told
        return await super().inside()

    @abstractmethod
    def _used(self) -> bool:
        """Whether the program has had an answer on the connection since a deadlock has ended its transaction."""

    @property
    def implicit(self) -> bool:
        return not self.conn.server_status & AUTOCOMMIT

    @property
    def version(self) -> str:
        return str(self.conn.get_server_info())

    @property
    def reading(self) -> str:
        return reading(0, self._modes.names)  # without backslashes that escape nothing is sent

    @property
    def pid(self) -> int | None:
        return int(self.conn.thread_id())

    def steps(self, sql: str) -> int:
        """How many statements are sent for one."""
        return len(sql.steps.texts) if self._own and isinstance(sql, Wording) else 1

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        if not self._own or not isinstance(sql, Wording):
            return await self._run(sql, params, shape, kinds)
        results = [await self._run(text, params, shape, kinds, own=True) for text in sql.steps.texts]
        if len(results) == 1:
            return results[0]
        return joined([result for result in results if result.columns])

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None) -> Result:
        if not self._own or not isinstance(sql, Wording):
            return await super().run_many(sql, rows, shape, kinds)
        if self.steps(sql) == 1:
            return await super().run_many(sql.steps.sql, rows, shape, kinds)
        return joined([await self._numbered(sql, row, place, shape, kinds) for place, row in enumerate(rows, 1)])

    async def _run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None, *, own: bool = False) -> Result:
        if self._failed:
            raise rolled_back()
        if params:
            self._modes.must_read_utf8()
        text = bound(sql, params, None if kinds is None else kinds.names, own=own, reading=self.reading)
        return self._made(await self._asked_inside(text), shape, sql)

    async def _asked_inside(self, text: str) -> Any:
        """`ask`, in the transaction of a block, if there is one."""
        try:
            result = await (
                self._guard.ask(text, self.ask, self.ping, self.in_transaction) if self._guard else self.ask(text)
            )
        except DatabaseError as error:
            if error.__cause__ is not None and number(error.__cause__) in DOUBTFUL:
                await self._look()
            raise
        if may_set(text):
            self._modes = self._modes.answered((await self.ask(MODES)).rows[0])
        return result

    def guard(self, begins: str, lost: Callable[[], None] | None = None) -> None:
        self._guard.set(begins, lost)

    def check_joined(self, statements: Sequence[str]) -> None:
        if not self._guard:
            check_joined(statements, server(self.version))

    @property
    def divided(self) -> bool:
        return self._guard.over

    def _made(self, result: Any, shape: Shape, sql: str) -> Result:
        return shaped(result, shape, sql, self._reader if self.parsed else None)

    def _reader(self, reader: Reader | None, code: int) -> Reader | None:
        """What makes a value of one that the driver may have parsed."""
        parsed = self.parsed.get(code)
        if parsed is None or reader is parsed:
            return None if parsed is not None else reader
        return None if reader is None else lambda value: reader(str(value))

    @abstractmethod
    async def ask(self, text: str) -> Any:
        """Send a statement: PyMySQL's result, or one like it, with values as texts. Raises errors of ours."""

    async def _look(self) -> None:
        """Behind an error with which the server may have rolled back the transaction: find out whether it has."""
        if self.in_transaction() and not (self._failed or self.closed):
            with suppress(DatabaseError):  # the connection is gone, and with it the transaction
                await self.ping()
            if not self.in_transaction():
                self._fails()

    def _fails(self) -> None:
        """The server has rolled back the transaction."""
        self._failed = True

    async def ping(self) -> None:
        """Have the server say whether a transaction is open."""

    async def say(self, sql: str) -> None:
        if self._failed and gone(sql):
            return
        ends = sql in _ENDS
        if self._failed and not ends:
            raise rolled_back()
        await self._asked_inside("ROLLBACK" if self._failed else sql)
        if ends:
            self._failed = False

    def split(self, sql: str) -> Iterable[str]:
        return statements(sql, lambda: self.reading)

    async def rollback(self) -> None:
        await self.say("ROLLBACK")


def kill(arguments: dict[str, Any], pid: int) -> None:
    """End what runs on a connection, over another one, in a thread that nobody waits for."""
    from ferrow.wire.blocking import background

    def work() -> None:
        import pymysql

        with suppress(Exception), closing(pymysql.connect(**arguments, connect_timeout=5)) as other:
            other.query(f"KILL QUERY {int(pid)}")

    with suppress(RuntimeError):
        background.run(work)


def reached(places: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The arguments of a connection to the same server, of those that are known."""
    return {name: value for name, value in places if value not in (None, "")}
