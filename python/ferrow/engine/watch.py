"""Looking for N+1 queries: the same SELECT again and again from one line of the program.

Nothing of this runs before somebody asks for it: then `AsyncEngine.run` is replaced by a function that looks at each statement first.
What one call of the program's sends (a relation in several pieces, say) counts once.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

from ferrow.driver.given_sql import check_sql
from ferrow.errors import NPlusOne, NPlusOneWarning
from ferrow.model.binding import is_model
from ferrow.model.sites import remember

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.engine.engine import AsyncEngine

_PACKAGE = __file__.rpartition("/engine/")[0]
_TOGETHER = 1.0
"""Seconds: what lies further apart is not one loop."""


class Watch:
    """Counts statements by the line that sent them. `meant` says which engines are watched, `found` what is done at the limit."""

    def __init__(self, limit: int, meant: Callable[[AsyncEngine], bool], found: Callable[[str, str], None]) -> None:
        self.limit = limit
        self.meant = meant
        self.found = found
        self._seen: dict[Any, list[Any]] = {}  # how often, the call it was last, when

    def see(self, site: str, call: FrameType, sql: str) -> None:
        """A statement was sent from a line."""
        key = (site, sql, _task())
        entry, now = self._seen.get(key), monotonic()
        if entry is None or now - entry[2] > _TOGETHER:
            if len(self._seen) > 1000:
                self._seen.clear()
            self._seen[key] = [1, call, now]
            return
        if entry[1] is call:
            return
        entry[0] += 1
        entry[1], entry[2] = call, now
        if entry[0] == self.limit:
            self.found(
                f"{site} has sent the same statement {self.limit} times: {sql:.300}\n"
                "Read all rows at once: relations with the query, .options(selectinload(...)), or for instances that are there with "
                "session.load_for(instances, ...); rows by their keys with in_bulk(keys) or filter(column__in=...).",
                site,
            )


_watches: list[Watch] = []


def watch(added: Watch) -> None:
    """Begin to watch."""
    if not _watches:
        _install()
    _watches.append(added)


def unwatch(gone: Watch) -> None:
    """End it. What was replaced is put back after the last one."""
    _watches.remove(gone)
    if not _watches:
        _uninstall()


def warned(pair: Any) -> None:
    """Watch the engines of a pair for as long as the program runs, and warn."""
    import warnings

    def found(message: str, site: str) -> None:
        file, _, line = site.rpartition(":")
        warnings.warn_explicit(message, NPlusOneWarning, file, int(line))

    watch(Watch(5, lambda engine: engine._pair is pair, found))


def refused(message: str, site: str) -> None:
    """Raise NPlusOne, which names the line."""
    raise NPlusOne(message)


def _task() -> Any:
    asyncio = sys.modules.get("asyncio")
    try:
        return get_ident() if asyncio is None else id(asyncio.current_task())
    except RuntimeError:  # no loop runs here
        return get_ident()


def _caller() -> tuple[str, FrameType] | None:
    """The program's line that the statement comes from, and the frame of ours that it called."""
    inner, frame = sys._getframe(1), sys._getframe(2)
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_code.co_filename[0] != "<":
            return f"{frame.f_code.co_filename}:{frame.f_lineno}", inner
        inner, frame = frame, frame.f_back  # type: ignore[assignment]
    return None


_plain: Any = None


def _install() -> None:
    global _plain
    from ferrow.engine.engine import AsyncEngine

    _plain = AsyncEngine.run

    async def run(self: AsyncEngine, sql: str, *args: Any, **kwargs: Any) -> Any:
        return await seen(self, _plain, sql, *args, **kwargs)

    AsyncEngine.run = run  # type: ignore[method-assign]


def _uninstall() -> None:
    from ferrow.engine.engine import AsyncEngine

    AsyncEngine.run = _plain  # type: ignore[method-assign]


async def seen(engine: AsyncEngine, run: Any, sql: str, *args: Any, **kwargs: Any) -> Result:
    """Run a statement that is looked at."""
    meant = [one for one in _watches if one.meant(engine)]
    caller = _caller() if meant else None
    if caller is None:
        plain: Result = await run(engine, sql, *args, **kwargs)
        return plain
    site, call = caller
    check_sql(sql)
    if sql[:6].upper() in ("SELECT", "WITH"):
        for one in meant:
            one.see(site, call, sql)
    result: Result = await run(engine, sql, *args, **kwargs)
    rows = result.rows
    if rows and is_model(type(rows[0])):
        remember(rows, site)
    return result
