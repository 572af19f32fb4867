"""The savepoints that a transaction was asked for by name, innermost last."""

from __future__ import annotations

import re

from ferrow.errors import DataError, ProgrammingError, nearest

_NAME = re.compile(r"[A-Za-z0-9_]{1,63}", re.ASCII)
_RESERVED = "ferrow_"  # what nested transactions and batches call theirs


class Savepoints:
    """Names checked and quoted, and remembered for as long as they can be gone back to."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: list[str] = []

    def quoted(self, name: str) -> str:
        """A new name as SQL writes it.

        Raises:
            DataError: it is not made of up to 63 ASCII letters, digits and `_`, or begins with `ferrow_`.
            ProgrammingError: it differs from one that is set in nothing but case, which SQLite cannot tell apart.
        """
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise DataError(f"{name!r} is no name for a savepoint: use 1 to 63 letters (A-Z, a-z), digits and _")
        if name.lower().startswith(_RESERVED):
            raise DataError(
                f"{name!r} is no name for a savepoint: nested transactions use names that begin with ferrow_"
            )
        for known in self._names:
            if known != name and known.lower() == name.lower():
                raise ProgrammingError(f"savepoint {name!r} differs from the savepoint {known!r} in nothing but case")
        return f'"{name}"'

    def add(self, name: str) -> None:
        """It was set. A name that is set again hides the earlier one until it is released."""
        self._names.append(name)

    def find(self, name: str) -> int:
        """The place of the last savepoint of this name. Raises ProgrammingError, which lists the names, if there is none."""
        for place in range(len(self._names) - 1, -1, -1):
            if self._names[place] == name:
                return place
        raise ProgrammingError(
            f"no savepoint {name!r} was set by savepoint() in this transaction. {nearest(str(name), dict.fromkeys(self._names))}"
        )

    def cut(self, place: int) -> None:
        """Those from this place on are gone."""
        del self._names[place:]
