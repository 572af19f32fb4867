"""How long to wait before the next attempt to connect, and when not to try again."""

from __future__ import annotations

from ferrow.errors import DatabaseError, InterfaceError, NotSupportedError


class Backoff:
    """Delays in seconds that double from `least` up to `most`, each shortened by chance by up to a half.

    Chance keeps the clients of a server that was restarted from coming back all at once.
    """

    __slots__ = ("_least", "_most", "_next")

    def __init__(self, least: float, most: float) -> None:
        if not 0 < least <= most < float("inf"):
            raise InterfaceError(
                f"min_backoff and max_backoff are seconds, more than 0 and the first not above the second: "
                f"not {least!r} and {most!r}"
            )
        self._least = least
        self._most = most
        self._next = least

    def delay(self) -> float:
        """The next delay."""
        ceiling, self._next = self._next, min(self._most, self._next * 2)
        import random  # not with the driver: only who loses a connection needs it

        return ceiling * random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin again with the shortest delay."""
        self._next = self._least


def permanent(error: DatabaseError) -> bool:
    """Whether trying again would only fail again: wrong password, missing database, missing right, wrong option."""
    if isinstance(error, InterfaceError | NotSupportedError):
        return True
    code = error.sqlstate or ""
    return code.startswith(("28", "3D")) or code == "42501"
