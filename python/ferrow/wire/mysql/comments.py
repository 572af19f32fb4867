"""Versioned comments, whose contents a server runs that is new enough: `/*!80013 ... */`, and MariaDB's `/*M!100100 ... */`."""

from __future__ import annotations

import re
from typing import NamedTuple

from ferrow.wire.mysql.session import is_mariadb

VERSIONED = r"/\*(?P<mark>M?!)(?P<version>\d{5,6})?"
_NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_MYSQLS_OWN = range(50_700, 100_000)  # of MySQL after MariaDB had parted from it, which runs none of these
_ENDS = re.compile(r"/\*|\*/")


class Server(NamedTuple):
    """What runs them."""

    number: int
    """As comments write it: 80403 for 8.4.3, 101106 for 10.11.6."""
    mariadb: bool

    def runs(self, mark: str, version: str | None) -> bool:
        """Whether it runs what stands in a comment with this mark (`!`, `M!`) and version."""
        if mark == "M!" and not self.mariadb:
            return False
        if version is None:
            return True
        wanted = int(version)
        return wanted <= self.number and (mark == "M!" or not self.mariadb or wanted not in _MYSQLS_OWN)


UNKNOWN = (Server(999_999, mariadb=True), Server(0, mariadb=False))
"""One that runs whatever some server does, and one that runs nothing with a version."""


def server(version: str) -> Server:
    """The one that calls its version so."""
    found = _NUMBER.search(version.removeprefix("5.5.5-"))
    major, minor, patch = (0, 0, 0) if found is None else map(int, found.groups())
    return Server(major * 10_000 + minor * 100 + patch, is_mariadb(version))


def end_of_comment(sql: str, position: int, nesting: bool) -> int:
    """Where a comment that is not run ends. `position` is behind its first `/*`; `nesting`: plain ones may stand in it."""
    depth = 1
    while depth and (found := _ENDS.search(sql, position)) is not None:
        position = found.end()
        if found[0] == "*/":
            depth -= 1
        elif nesting and depth == 1:
            depth = 2
    return position if not depth else len(sql)
