"""Where the databases of this run are: environment variables, so that every worker finds them."""

from __future__ import annotations

import os
from pathlib import Path

POSTGRES = "FERROW_BENCH_POSTGRES_URL"
"""Set by the user: a server to measure on instead of an embedded one. A table of ours is created in its database."""
SQLITE = "FERROW_BENCH_SQLITE_FILE"
"""Set by the controller: a file in a temporary folder."""


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
