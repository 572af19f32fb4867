"""One server of a list: its name, its address, its port."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

SOCKET_DIRECTORIES = ("/var/run/postgresql", "/run/postgresql", "/tmp")
"""Where libpq and Debian look for the server of this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Where a server is. Without `host` and `hostaddr`: the local socket where there is one, else localhost.

    `host` is a name, a numeric address, a directory that begins with `/` or an abstract socket that begins with `@`;
    `hostaddr` a numeric address that is used instead of looking the name up; `address` the one a look-up found.
    """

    host: str | None = None
    hostaddr: str | None = None
    port: int = 5432
    address: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.host or self.hostaddr or "localhost"

    @property
    def local(self) -> bool:
        """Whether it is this machine, judged by what was written and not by what a look-up found."""
        place = self.hostaddr or self.host
        return place is None or is_local(place)

    @property
    def target(self) -> str | tuple[str, int]:
        """The path of a unix socket (an abstract one begins with NUL), or address and port."""
        place = self.address or self.hostaddr or self.host
        if place is None:
            for directory in SOCKET_DIRECTORIES:
                path = f"{directory}/.s.PGSQL.{self.port}"
                if os.path.exists(path):
                    return path
            place = "localhost"
        if place.startswith("/"):
            return f"{place}/.s.PGSQL.{self.port}"
        if place.startswith("@"):
            return f"\0{place[1:]}/.s.PGSQL.{self.port}"
        return place, self.port

    def at(self, address: str) -> Host:
        """The same server at one of its addresses."""
        return replace(self, address=address)

    def __str__(self) -> str:
        target = self.target
        if isinstance(target, str):
            return target.replace("\0", "@", 1)
        address, port = target
        name = self.host or address
        place = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
        return place if address == name else f"{place} ({address})"


def is_local(place: str) -> bool:
    """Whether a host or an address is this machine."""
    if place.startswith(("/", "@")) or place in ("localhost", "::1"):
        return True
    return (
        place.startswith("127.") and place.isascii() and place.replace(".", "").isdigit()
    )  # 127.example.org is another machine


def is_numeric(address: str) -> bool:
    """Whether this is an address, which needs no look-up."""
    import socket

    plain = address.partition("%")[0]  # the zone of a link-local address
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, plain)
        except (OSError, ValueError):
            continue
        return True
    return False
