"""Where the databases of this run are: environment variables, so that every worker finds them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

POSTGRES = "FERROW_BENCH_POSTGRES_URL"
"""Set by the user: a server to measure on instead of an embedded one. A table of ours is created in its database."""
SQLITE = "FERROW_BENCH_SQLITE_FILE"
"""Set by the controller: a file in a temporary folder."""

MARIADB = "FERROW_BENCH_MARIADB_URL"
"""Set by the user: a server to measure on instead of the distribution's. A table of ours is created in its database."""


def postgres_url(scheme: str = "postgresql") -> str:
    """The URL, with the scheme a library wants, e.g. `postgresql+asyncpg`."""
    return scheme + "://" + os.environ[POSTGRES].partition("://")[2]


def plain_url() -> str:
    """The URL for every library alike: asyncpg and libpq would ask the server for TLS first, which costs a round trip."""
    url = postgres_url()
    return f"{url}{'&' if '?' in url else '?'}sslmode=disable"


def sqlite_file() -> str:
    return os.environ[SQLITE]


def sqlite_url(scheme: str = "sqlite") -> str:
    return f"{scheme}:///{Path(sqlite_file()).absolute()}"


def mariadb() -> dict[str, Any]:
    """How PyMySQL reaches the server."""
    return _parts(os.environ[MARIADB]) | {"port": urlsplit(os.environ[MARIADB]).port or 3306}


def postgres() -> dict[str, Any]:
    """How pg8000 reaches the server."""
    return _parts(os.environ[POSTGRES])


def _parts(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    named = {
        "host": parts.hostname,
        "port": parts.port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path[1:],
    }
    return {name: value for name, value in named.items() if value}
