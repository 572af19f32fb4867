"""Who holds a connection: a reference when it is taken, words only when somebody asks."""

from __future__ import annotations

import sys
from _thread import get_ident
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from weakref import ref

from ferrow.abc import Status
from ferrow.wire.shown import shown

if TYPE_CHECKING:
    from types import FrameType

    from ferrow.abc import World
    from ferrow.engine.slot import Slot

_SHOWN = 10  # holders named in one message


class Shared:
    """A holder that is no task."""

    __slots__ = ()

    @property
    def described(self) -> str:
        """What an error calls it."""
        raise NotImplementedError

    @property
    def first(self) -> str | None:
        """The statement under way, or None."""
        raise NotImplementedError


def caller(world: World) -> Callable[[], Any]:
    """A cheap function for who is running: the task on asyncio, else the thread."""
    if world.name != "asyncio":
        return get_ident
    current_task = sys.modules["asyncio"].current_task  # the world has imported it; this room must not

    def task() -> Any:
        # Weak: a task that nobody else knows any more must be able to go, and its connection to come back.
        running = current_task()
        return None if running is None else ref(running)

    return task


def describe(slots: Iterable[Slot], now: float, me: Any) -> str:
    """Who holds these connections, the longest first, each with where it stands; `me` is marked."""
    # Each is asked once: another thread may give its connection back meanwhile.
    found = ((slot.since, slot.holder, slot) for slot in slots)
    held = sorted((one for one in found if one[1] is not None), key=lambda one: one[0])
    lines = [
        f"{_name(holder)} for {now - since:.1f} s"
        + (" (the one waiting now)" if holder == me else "")
        + _doing(holder, slot)
        for since, holder, slot in held[:_SHOWN]
    ]
    if len(held) > _SHOWN:
        lines.append(f"{len(held) - _SHOWN} more")
    return "; ".join(lines) if lines else "nobody (all are being opened or recovered)"


def _name(holder: Any) -> str:
    if isinstance(holder, int):
        threading = sys.modules.get("threading")
        names = {t.ident: t.name for t in threading.enumerate()} if threading else {}
        return f"thread {names.get(holder, holder)!r}{_place(_frame(holder))}"
    if isinstance(holder, Shared):
        return holder.described
    task = holder()
    if task is None:
        return "a task that no longer exists"
    if task.done():
        return f"task {task.get_name()!r} (finished without giving it back)"
    frames = task.get_stack(limit=1)
    return f"task {task.get_name()!r}{_place(frames[-1] if frames else None)}"


def _doing(holder: Any, slot: Slot) -> str:
    if isinstance(holder, Shared):
        first = holder.first
        return "" if first is None else f", the first {shown(first)}"
    sql = slot.sql
    if sql is None:
        return ", no statement yet"
    idle = slot.wire.idle
    if idle is None:
        return f", with {shown(sql)}"
    seconds, status = idle
    state = "idle" if status is Status.IDLE else "idle in transaction"
    return f", {state} for {seconds:.1f} s after {shown(sql)}"


def _frame(thread: int) -> FrameType | None:
    has_gil: Callable[[], bool] | None = getattr(sys, "_is_gil_enabled", None)
    if has_gil is not None and not has_gil() and thread != get_ident():
        return None  # it goes on while its frames are looked at, and takes them away
    return sys._current_frames().get(thread)


def _place(frame: FrameType | None) -> str:
    # Up and out of this package: the line that matters is the user's.
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith("ferrow."):
        frame = frame.f_back
    return "" if frame is None else f" at {frame.f_code.co_filename}:{frame.f_lineno}"
