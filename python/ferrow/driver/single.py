"""What exists once: a connection, and what is at work on it."""

from __future__ import annotations

from typing import NoReturn, SupportsIndex


class Single:
    """Is neither copied nor pickled: a second one would be at work on the same session, and know nothing of the first."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        name = type(self).__name__
        raise TypeError(
            f"{name} cannot be copied or pickled: it belongs to one session with a database. "
            "Pass on the URL, and connect where it is needed"
        )
