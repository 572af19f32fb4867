"""What went wrong at each server of a list, as one error."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from ferrow.errors import DatabaseError, OperationalError
from ferrow.wire.advice import advice
from ferrow.wire.tls_alert import explained

if TYPE_CHECKING:
    from ferrow.wire.host import Host
    from ferrow.wire.settings import Settings

_GONE = "closed the connection"
_LOST = "the connection was lost"
_QUESTION = "Is the server running there, and is the port right?"


class Failures:
    """The attempts of one search that failed, in their order."""

    __slots__ = ("_all", "_settings")

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._all: list[tuple[Host, Exception]] = []

    def add(self, host: Host, error: Exception) -> None:
        """One more."""
        self._all.append((host, error))

    def error(self) -> OperationalError:
        """The error when there is nobody left to try."""
        _, last = self._all[-1]
        if len(self._all) == 1:
            error = _unreachable(self._all[0][0], last)
        else:
            error = OperationalError(
                "cannot connect to PostgreSQL: no server of the list will do\n"
                + "\n".join(f"  {host}: {_reason(one)}" for host, one in self._all)
            )
        states = {one.sqlstate if isinstance(one, DatabaseError) else None for _, one in self._all}
        error.sqlstate = states.pop() if len(states) == 1 else None
        error.__cause__ = last if isinstance(last, (OSError, DatabaseError)) else None
        return error

    def explained(self, error: DatabaseError, host: Host) -> DatabaseError:
        """What a server said that ends the search, with what would help, and with where it is if there was a choice."""
        if error.hint is None:
            error.hint = advice(self._settings, error, host)
        if len(self._settings.hosts) > 1:
            error.add_note(f"This is what {host} says; the hosts behind it were not tried.")
            for before, one in self._all:
                error.add_note(f"Before it, {before}: {_reason(one)}")
        return error


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "this cannot be the name of a host"
    if isinstance(error, socket.gaierror):
        return error.strerror or str(error)  # its numbers are of another kind, and above 0 on macOS and Windows
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)  # asyncio writes words of its own instead
    return explained(str(error)) or type(error).__name__


def _hung_up(text: str) -> bool:
    return _GONE in text or (_LOST in text and "SSL" not in text)


def _unreachable(host: Host, reason: object) -> OperationalError:
    """The error for a server that cannot be reached."""
    text = _reason(reason) if isinstance(reason, Exception) else str(reason)
    # Who has said something else than that it hangs up is there.
    question = "" if isinstance(reason, DatabaseError) and not _hung_up(text) else f". {_QUESTION}"
    return OperationalError(f"cannot connect to PostgreSQL at {host}: {text}{question}")
