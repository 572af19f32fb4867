"""How a dialect writes names."""

from __future__ import annotations

import re
from typing import ClassVar

from ferrow.errors import ProgrammingError

_BARE = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)


class Names:
    """The answers about identifiers, and the name of the dialect itself."""

    name: ClassVar[str]
    """`postgresql`, `sqlite`, `mysql`: what a wire calls it, and the key of a type's names."""

    reserved: ClassVar[frozenset[str]]
    """Words that are quoted when they are used as names, lower case."""

    longest_name: ClassVar[int | None] = None
    """The greatest length of a name in bytes of UTF-8; None if there is no limit."""

    mark: ClassVar[str] = '"'
    """What stands around a quoted name."""

    def __init__(self) -> None:
        self._quoted: dict[str, str] = {}

    def quote(self, identifier: str) -> str:
        """Return an identifier as it stands in SQL: bare if that is safe, else in quotes.

        Raises:
            ProgrammingError: a name this database cannot have (empty, NUL, too long).
        """
        known = self._quoted.get(identifier)
        if known is None:
            self._check_name(identifier)
            bare = _BARE.fullmatch(identifier) and identifier not in self.reserved
            known = identifier if bare else self.mark + identifier.replace(self.mark, self.mark * 2) + self.mark
            # Names come from models; a program that makes them up must not fill the memory.
            if len(self._quoted) < 10_000:
                self._quoted[identifier] = known
        return known

    def function(self, identifier: str) -> str:
        """Return the name of a function. Raises ProgrammingError as `quote`."""
        return self.quote(identifier)

    def _check_name(self, identifier: str) -> None:
        if not identifier or "\0" in identifier:
            msg = f"{identifier!r} cannot be a name in SQL: it is empty or contains the NUL character"
            raise ProgrammingError(msg)
        size = len(identifier.encode("utf-8", "surrogatepass"))
        if self.longest_name is not None and size > self.longest_name:
            msg = f"the name {identifier!r} has {size} bytes, and {self.name} cuts names off after {self.longest_name}; shorten it"
            raise ProgrammingError(msg)
