"""Where the databases of the demonstration are: below the current directory, so that the next run finds them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from ferrow.driver import connect
from ferrow.testing import EmbeddedPostgres, EmbeddedPostgresError, data_home


def sqlite_url(home: Path, name: str) -> str:
    """One file per name."""
    home.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{home / name}.db"


@contextmanager
def postgresql(home: Path) -> Iterator[EmbeddedPostgres]:
    """A server of our own whose data stay in `home`; it stops with the block."""
    try:
        server = EmbeddedPostgres(home / "postgresql").start()
    except EmbeddedPostgresError as error:
        # PostgreSQL refuses to run as root, and the unprivileged user it runs as then may not enter every folder.
        if "may not enter" not in str(error):
            raise
        server = EmbeddedPostgres(data_home("demo")).start()
    with server:
        yield server


def postgresql_url(server: EmbeddedPostgres, name: str) -> str:
    """One database per name, created when there is none yet."""
    with connect(server.url) as conn:
        if not conn.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]):
            conn.script(f'CREATE DATABASE "{name}"')
    return urlsplit(server.url)._replace(path=f"/{name}").geturl()


def describe(home: Path, server: EmbeddedPostgres) -> str:
    """The folders in which the data stay."""
    kept = server.log.parent
    return str(home) if home.absolute() in kept.parents else f"{home} and {kept}"


def forget(home: Path) -> None:
    """Remove what earlier runs stored."""
    for folder in (home, data_home("demo")):
        if folder.exists():
            shutil.rmtree(folder)
