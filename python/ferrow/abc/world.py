"""How waiting is done."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from ferrow.abc.wire import Wire
    from ferrow.wire.settings import Settings

T = TypeVar("T")


class Waiter(Protocol):
    """One-shot signal between two tasks or threads."""

    def set(self) -> None:
        """Wake the one who waits, now or later. Once is enough; more is fine."""
        ...

    async def wait(self, timeout: float | None) -> bool:
        """Wait for `set`; False when `timeout` seconds passed first."""
        ...


class World(Protocol):
    """How waiting is done: blocking threads or an asyncio loop."""

    name: str
    """`blocking` or `asyncio`."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def waiter(self) -> Waiter:
        """A new one-shot signal."""
        ...

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> None:
        """Run detached from the caller: a task on asyncio, at once in the blocking world. Errors are logged."""
        ...

    def detach(self, coro: Coroutine[Any, Any, Any]) -> None:
        """As `spawn`, for what may have to wait: in the blocking world in a thread of its own."""
        ...

    async def unless(self, stop: Waiter, coro: Coroutine[Any, Any, T]) -> T | None:
        """Run to the end, or until `stop` is set: then None at once. What is left of it is cancelled on asyncio; in the blocking
        world, where it has a thread of its own, it goes on, and nobody is told."""
        ...

    async def finish(self, coro: Coroutine[Any, Any, T]) -> T:
        """Run to the end even if the caller is cancelled, or cancelled again, meanwhile."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        ...

    async def open(self, settings: Settings) -> Wire:
        """Connect. Raises OperationalError or one of its kind, naming host and port, never the password."""
        ...

    def key(self) -> Any:
        """What connections of this world belong to: the running loop, or the process."""
        ...

    def ended(self, key: Any) -> bool:
        """Whether what that was is over: the loop was closed."""
        ...

    def call_in(self, key: Any, function: Callable[[], object]) -> None:
        """Have `function` called where connections of that key may be used, from any thread: soon in its loop, else here and now."""
        ...
