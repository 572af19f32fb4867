"""What is to be called when the outermost transaction has ended: `session.after_commit(send_mail)`.

Callbacks are kept on the link of the block they were given in. A block inside hands its own to the one around it when it ends; those
for a commit are dropped if it was rolled back to its savepoint, and those for a rollback then run whatever becomes of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current
from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.engine.context import Link
    from ferrow.engine.engine import AsyncEngine

Callback = Callable[[], Any]


class CallbacksFailed(ExceptionGroup[Exception]):
    """What callbacks raised after a transaction had ended; it stays as it ended."""

    def derive(self, excs: Sequence[Exception]) -> CallbacksFailed:  # type: ignore[override]
        """One of some of the errors."""
        return CallbacksFailed(self.message, excs)


class Following:
    """The callbacks of one block, in their order: for a commit, for a rollback, and those whose rollback has happened already."""

    __slots__ = ("always", "committed", "undone")

    def __init__(self) -> None:
        self.committed: list[Callback] = []
        self.undone: list[Callback] = []
        self.always: list[Callback] = []

    def add(self, world: World, callback: Callback, *, committed: bool) -> None:
        """One more. Raises ProgrammingError for what cannot be called, or a coroutine function in sync code."""
        name = "after_commit" if committed else "after_rollback"
        if not callable(callback):
            raise ProgrammingError(f"{name}() takes a function without arguments, not {callback!r}")
        if world.name == "blocking" and iscoroutinefunction(callback):
            raise ProgrammingError(f"{name}({callback!r}): sync code cannot await a coroutine; give a plain function")
        (self.committed if committed else self.undone).append(callback)

    def join(self, other: Following, *, committed: bool) -> None:
        """Take over those of a block inside that has ended."""
        self.always += other.always
        if committed:
            self.committed += other.committed
            self.undone += other.undone
        else:
            self.always += other.undone

    def due(self, *, committed: bool | None) -> list[Callback]:
        """What is to be called now. None: nobody knows whether it was committed."""
        return self.always + ([] if committed is None else self.committed if committed else self.undone)


def follow(engine: AsyncEngine, callback: Callback, *, committed: bool) -> None:
    """Call something when the outermost transaction has ended.

    Raises:
        ProgrammingError: there is none, or a coroutine function in sync code.
    """
    name = "after_commit" if committed else "after_rollback"
    link = current(engine._real)
    if link is None:
        raise ProgrammingError(
            f"{name}() outside of a transaction, where each call is committed by itself: open `session.begin()` around both, or call "
            "the function"
        )
    if link.following is None:
        link.following = Following()
    link.following.add(engine.world, callback, committed=committed)


async def ended(link: Link, *, committed: bool | None, outer: Link | None, error: BaseException | None) -> None:
    """Hand the callbacks of a block on, or call them after the outermost one; `error` is what leaves the block.

    Raises:
        ExceptionGroup: of what callbacks raised, after all were called; if there is an error already it gets notes instead.
    """
    following = link.following
    if following is None:
        return
    if outer is not None:
        if outer.following is None:
            outer.following = Following()
        outer.following.join(following, committed=bool(committed))
        return
    await call(following, link.engine.world, committed=committed, error=error)


async def call(following: Following, world: World, *, committed: bool | None, error: BaseException | None) -> None:
    """Call what is due after the outermost transaction. Raises as `ended`."""
    failed: list[Exception] = []
    for callback in following.due(committed=committed):
        try:
            result = callback()
            if isawaitable(result):
                if world.name == "blocking":
                    getattr(result, "close", lambda: None)()
                    msg = f"{callback!r} gave an awaitable, which sync code cannot await; give a plain function"
                    raise ProgrammingError(msg)  # reported as any other error of it
                await result
        except Exception as one:
            failed.append(one)
    if not failed:
        return
    if error is not None:
        for late in failed:
            error.add_note(f"a callback of after_rollback() failed too: {type(late).__name__}: {late}")
        return
    state = "the transaction is committed" if committed else "the transaction was rolled back"
    raise CallbacksFailed(f"callbacks failed after a transaction ({state})", failed)
