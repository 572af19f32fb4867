"""What RESET ALL undoes behind a pooler, and not without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow._core import Shape

if TYPE_CHECKING:
    from ferrow.abc import Wire
    from ferrow.wire.settings import Settings

_TUPLES = Shape.tuples()


class StartParameters:
    """The parameters a session was started with, such as its time zone.

    A server takes them for the defaults to which RESET ALL returns. PgBouncer says them with SET, to whichever server it
    chose, and takes what that reports after RESET ALL for the client's wish.
    """

    __slots__ = ("_settings",)

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def say_again(self, wire: Wire) -> None:
        """Set them, where there is a pooler."""
        known = {name: value for name, value in self._settings.parameters.items() if name != "options"}
        if not known or not self._settings.pooler.seen:
            return
        calls = [f"pg_catalog.set_config(${2 * at + 1}, ${2 * at + 2}, false)" for at in range(len(known))]
        values = [text for pair in known.items() for text in pair]
        await wire.run(f"SELECT {', '.join(calls)}", values, _TUPLES)
