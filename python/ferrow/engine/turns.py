"""Nested transactions of one transaction take turns: savepoints are a stack, and tasks do not end in the order of a stack."""

from __future__ import annotations

from _thread import RLock
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from ferrow.errors import PoolTimeout

if TYPE_CHECKING:
    from ferrow.abc import Waiter, World


_NESTED = (
    "a nested transaction could not begin within {seconds:g} s: another task of the same transaction is inside one. "
    "Nested transactions of one transaction run one after the other; give concurrent tasks transactions of their own"
)


class Turns:
    """Lets one caller in at a time, in the order of their asking. `late` is the message for who has waited in vain."""

    __slots__ = ("_taken", "_queue", "_mutex", "_late")

    def __init__(self, late: str = _NESTED) -> None:
        self._late = late
        self._taken = False
        self._queue: OrderedDict[Waiter, tuple[World, Any]] = OrderedDict()
        self._mutex = RLock()  # reentrant for the reason given in shard.py

    async def take(self, world: World, seconds: float, late: str | None = None) -> None:
        """Wait for one's turn. Raises PoolTimeout if it has not come after `seconds`; `late` is the message, if it is another one."""
        waiter = world.waiter()
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            self._queue[waiter] = world, world.key()
        try:
            if await waiter.wait(seconds) or not self._leave(waiter):
                return
        except BaseException:
            if not self._leave(waiter):
                self.give()
            raise
        raise PoolTimeout((late or self._late).format(seconds=seconds))

    def take_first(self) -> None:
        """Have a turn that nobody else knows of yet."""
        self._taken = True

    def give(self) -> None:
        """End one's turn: the next in the queue has it."""
        with self._mutex:
            for waiter, (world, key) in self._queue.items():
                if not world.ended(key):  # those whose loop was closed leave when they are collected
                    del self._queue[waiter]
                    _wake(waiter, world, key)
                    return
            self._taken = False

    def _leave(self, waiter: Waiter) -> bool:
        """Leave the queue; False if the turn has come meanwhile."""
        with self._mutex:
            return self._queue.pop(waiter, None) is not None


def _wake(waiter: Waiter, world: World, key: Any) -> None:
    try:
        here = world.key() == key
    except RuntimeError:  # no event loop runs here
        here = False
    if here:
        waiter.set()
    else:  # a session may be shared by the event loops of several threads
        world.call_in(key, waiter.set)
