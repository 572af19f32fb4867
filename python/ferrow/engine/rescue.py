"""What stands behind a statement that takes long is sent once more, on another connection; the first answer counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.engine.again import Statement, read_only, speaks_for_itself
from ferrow.engine.lane import Lane

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.abc import Answer
    from ferrow.engine.lanes import Lanes
    from ferrow.engine.slot import Slot


async def rescue(lanes: Lanes, lane: Lane, stuck: list[tuple[Answer[Result], Statement]]) -> None:
    """Send what is stuck on `lane` on a connection that refuses to write. If there is none to be had, it waits where it is."""
    try:
        slot = await read_only(lanes.pool)
    except Exception:
        lane.rescuing = False
        return
    known = lanes.texts

    def suspicious(one: tuple[Answer[Result], Statement]) -> bool:
        # Behind a lock on a table stand others that wait for it: first those that never held anybody up.
        text = known.get(one[1][0])
        return text is None or not text.shared

    boat = Boat(lanes, slot)
    boat.expected = 1
    lanes.watch(boat)
    try:
        for answer, statement in sorted(stuck, key=suspicious):
            if not answer.done():
                boat.take(answer, statement)
    finally:
        boat.expected = 0
        boat.end()


class Boat(Lane):
    """A lane with statements that were sent before, on a lane that stalled. Should it stall in its turn, so do they again."""

    __slots__ = ("_for",)

    def __init__(self, lanes: Lanes, slot: Slot) -> None:
        super().__init__(lanes, slot)
        self.shares = False
        self._for: dict[Answer[Result], Answer[Result]] = {}

    def take(self, answer: Answer[Result], statement: Statement) -> None:
        """Send a statement, and give its outcome to `answer` unless that has one by then."""
        future = self._send(*statement)
        self.flying[future] = statement
        self._for[future] = answer
        future.add_done_callback(self._done)

    def _done(self, future: Answer[Result]) -> None:
        self.flying.pop(future, None)
        answer = self._for.pop(future)
        try:
            result = future.result()
        except BaseException as error:
            if speaks_for_itself(error) and not answer.done():
                answer.set_exception(error)
        else:
            if not answer.done():
                answer.set_result(result)
        self.end()

    def tick(self, fair: bool) -> None:
        """As `Lane.tick`. When all have been answered where they came from, the server is told to stop."""
        super().tick(fair)
        if all(answer.done() for answer in self._for.values()):
            self.flying.clear()
            self.end()

    def waiting(self) -> list[tuple[Answer[Result], Statement]]:
        """As `Lane.waiting`."""
        return [(future, statement) for future, statement in super().waiting() if not self._for[future].done()]
