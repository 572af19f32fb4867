"""One connection that tasks share for a while: what is under way on it, and when it goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ferrow.engine.again import again
from ferrow.engine.holder import Shared
from ferrow.errors import ConnectionLost, NotSupportedError

if TYPE_CHECKING:
    from ferrow._core import Result, Shape
    from ferrow.abc import Answer, Params, SharedWire
    from ferrow.driver.tracing import TracingWire
    from ferrow.engine.again import Statement
    from ferrow.engine.lanes import Lanes
    from ferrow.engine.slot import Slot
    from ferrow.errors import DatabaseError


WINDOW = 16
"""Statements that go to one connection before another one is taken, while they are quick."""

_CHANGED = "0A000"  # cached plan must not change result type
_AT_ONCE = 16
"""Ticks after which a connection goes back though the next statement comes at once every time."""
_SLOW = 2  # statements in a tick: 2 ms each, so that who comes last of a full lane waits for 32


class Lane(Shared):
    """A borrowed connection, and the statements of all tasks that use it. It goes back to the pool when nobody waits on it any more.

    What is cancelled stays under way and its answer is dropped: the server cannot be told which of several to stop. Only if nobody
    else waits is it the pool's business, like that of any connection that comes back in the middle of something.
    """

    __slots__ = (
        "answered", "expected", "flying", "rescuing", "shares",
        "slow", "slot", "stalled", "still", "until", "window", "_ask", "_busy", "_lanes", "_over", "_send", "_sound", "_wire",
    )  # fmt: skip

    def __init__(self, lanes: Lanes, slot: Slot) -> None:
        self.slot: Slot = slot
        self.flying: dict[Answer[Result], Statement] = {}
        """Who still waits for what, in the order of sending."""
        self.expected: int = 0
        """How many have been told that they may send here, and have not yet."""
        self.shares: bool = True
        """Whether it takes more when it is not stalled."""
        self.stalled: bool = False
        """Its head takes long: nothing is put behind it."""
        self.still: int = 0
        """For how many ticks nothing has been answered."""
        self.rescuing: bool = False
        """Whether what stands behind its head has been sent elsewhere."""
        self.answered: int = -1
        self.window: int = lanes.width
        """How many statements it takes before another lane is looked for."""
        self.slow: int = 0
        """For how many ticks it has got hardly anything done."""
        self.until: int = lanes.clock.ticks + _AT_ONCE
        """The tick from which on it does not rest any more: the pool looks at what comes back, and retires others then."""
        self._busy = False
        self._sound = True  # all that was sent has been answered, as far as it is not under way
        self._lanes = lanes
        self._over = False
        self._wire: SharedWire = self._bare(slot)
        self._send = self._wire.send
        self._ask = self._wire.ask
        slot.holder = self

    def _bare(self, slot: Slot) -> Any:
        """What the statements are sent through."""
        return slot.wire

    async def run(self, sql: str, params: Params, shape: Shape, timeout: float | None = None) -> Result:
        """Run one statement of one task. A connection that is lost meanwhile, or a table that changes, costs a try on another one.

        Raises QueryTimeout after `timeout` seconds.
        """
        flying = self.flying
        pool = self._lanes.pool
        since = 0.0 if timeout is None else pool.world.now()
        if type(params) is list:
            params = tuple(params)  # the caller may do with the list what it likes, and this may be sent twice
        future: Answer[Result] | None = None
        try:
            future = self._ask(sql, params, shape) if timeout is None else self._send(sql, params, shape, timeout)
            flying[future] = (sql, params, shape)
            result = await future
        except BaseException as error:
            # Lost with it under way, or before it was sent, when somebody else had been told.
            lost = isinstance(error, ConnectionLost) or isinstance(error.__cause__, ConnectionLost)
            if lost:
                self._lanes.leave(self)
            self._sound = False
            if future is not None:
                del flying[future]
            if not flying:
                self.end()
            # The wire prepares anew what a change of a table has made useless, once. Waiting behind others, it may meet two.
            if not (lost or (isinstance(error, NotSupportedError) and error.sqlstate == _CHANGED)):
                raise
            failed = cast("DatabaseError", error)
        else:
            del flying[future]
            if not flying:
                self._rest()
            return result
        left = None if timeout is None else timeout - (pool.world.now() - since)
        return await again(pool, failed, (sql, params, shape), left)

    def end(self) -> None:
        """Give the connection back, if nobody waits or is about to."""
        if not (self._over or self.flying or self.expected):
            self._over = True
            self._lanes.ended(self)

    def _rest(self) -> None:
        """Nobody waits here. Keep the connection for the moment that the next statement takes to come; somebody else's comes first.

        It counts as idle. The next tick gives it back, and whoever asks the pool for a connection has that done before.
        """
        lanes = self._lanes
        shard = lanes.shard
        if (
            not (self._sound and self.shares)
            or self.stalled
            or lanes.clock.ticks >= self.until
            or shard.waiters
            or shard.closing
        ):
            self.end()
        elif self.answered >= 0:
            # A tick has looked at it: it is as new.
            self.answered = -1
            self.still = self.slow = 0
            self.rescuing = self._busy = False
            self.window = lanes.width

    @property
    def rests(self) -> bool:
        """Whether nobody waits here, nor is about to."""
        return not (self.flying or self.expected)

    # --- looking after it --------------------------------------------------------------------------------------------

    def tick(self, fair: bool) -> None:
        """A tick has passed: what has been answered since? `fair`: nothing but the server is to blame for its not being more."""
        under_way = self._wire.in_flight
        before, self.answered = self.answered, self._wire.requests - under_way
        if self.answered == before:
            self.still += 1
        else:
            self.still = 0
            self.stalled = self.rescuing = False
        if fair:
            # No more than it gets done in a tick, so that nobody waits for much longer than that.
            done = self.answered - before if under_way and self._busy else WINDOW
            self.window = min(max(done, 1), WINDOW)
            self.slow = self.slow + 1 if self.window <= _SLOW else 0
        self._busy = under_way > 0

    def waiting(self) -> list[tuple[Answer[Result], Statement]]:
        """What is not answered and still wanted."""
        return [(answer, statement) for answer, statement in self.flying.items() if not answer.done()]

    def stuck(self) -> tuple[Statement | None, list[tuple[Answer[Result], Statement]]]:
        """What the server works on, and what stands behind it. None: something that nobody waits for any more."""
        waiting = self.waiting()
        if waiting and self._wire.in_flight <= len(waiting):
            return waiting[0][1], waiting[1:]
        return None, waiting

    @property
    def described(self) -> str:
        """What an error calls it as a holder."""
        return f"shared by {len(self.flying)} statements"

    @property
    def first(self) -> str | None:
        """The text that was sent first of those."""
        statement = next(iter(self.flying.values()), None)
        return None if statement is None else statement[0]


class TracedLane(Lane):
    """One whose statements are reported."""

    __slots__ = ()

    def _bare(self, slot: Slot) -> Any:
        # Each statement is reported for itself, see below.
        return cast("TracingWire", slot.wire).inner

    async def run(self, sql: str, params: Params, shape: Shape, timeout: float | None = None) -> Result:
        """As `Lane.run`."""
        wire = cast("TracingWire", self.slot.wire)
        return await wire.reported(sql, super().run(sql, params, shape, timeout), params)
