"""Where a database is and how to reach it, from a URL, a keyword DSN and the environment.

PostgreSQL's are those of libpq (`wire/dsn/`); SQLite's URLs are those of the Python ecosystem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ferrow.errors import InterfaceError
from ferrow.wire.settings import Settings


def named(url: str | None, connection_string: str | None) -> str:
    """The URL, by whichever of its two names it was given. Raises InterfaceError for none, or both."""
    if url is None:
        if connection_string is None:
            raise InterfaceError(
                "where to? Give the URL of a database, such as postgresql://user:password@host/database; of one that options "
                "describe, it is postgresql:// alone: connect('postgresql://', host=..., dbname=...)"
            )
        return connection_string
    if connection_string is not None:
        raise InterfaceError("url and connection_string are two names for one thing: give one of them")
    return url


def parse(url: str, *, environ: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """Settings for `url`. Keyword `options` win over it, it over a service file, that over the environment.

    `postgresql://user:password@host:port/database?option=value` or `postgres://...`, the DSN
    `host=... port=... dbname=...`, `mysql://user:password@host:port/database`, `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite::memory:`. Reads `PG*` from
    `environ` (default: `os.environ`), and the service file where a service is named. Does no other I/O.

    Raises InterfaceError for a malformed URL or an unknown option; the message never shows the password.
    """
    if not isinstance(url, str):
        raise InterfaceError(f"a database URL is a str, not {type(url).__name__}{_as_file(url)}")
    if "\0" in url:
        raise InterfaceError("a database URL may not contain a NUL character")
    scheme, separator, rest = url.partition(":")
    if separator and scheme == "sqlite":
        from ferrow.wire import sqlite_url

        return sqlite_url.parse(rest, options)
    if separator and scheme in ("mysql", "mariadb"):
        from ferrow.wire.mysql import url as mysql_url

        return mysql_url.parse(rest, options)
    if separator and scheme in ("postgresql", "postgres") and not rest.startswith("//"):
        raise InterfaceError("Invalid connection string: expected postgresql://user:password@host:port/database")
    if (separator and scheme in ("postgresql", "postgres")) or "=" in scheme:
        from ferrow.wire.dsn.parse import parse as parse_postgresql

        if environ is None:
            import os

            environ = os.environ
        return parse_postgresql(url, options, environ)
    if not url.strip():
        raise InterfaceError(f"Invalid connection string: it is empty; {_EXPECTED}. Is a setting missing?")
    scheme, plus, _ = scheme.partition("+")
    if separator and plus and scheme in ("postgresql", "postgres", "sqlite", "mysql", "mariadb"):
        raise InterfaceError(
            f"Invalid connection string: it starts with {_start(url)!r}; Ferrow has a driver of its own, so write {scheme}:, without +..."
        )
    if url == ":memory:":
        raise InterfaceError("Invalid connection string: an SQLite database in memory is sqlite::memory:")
    if not separator and url.endswith(_FILES):
        raise InterfaceError(
            f"Invalid connection string: it is the name of a file, not a URL; {_EXPECTED}. For this file: {_of_file(url)!r}"
        )
    raise InterfaceError(f"Invalid connection string: it starts with {_start(url)!r}; {_EXPECTED}")


_FILES = (".db", ".db3", ".sqlite", ".sqlite3")
_EXPECTED = (
    "expected postgresql://user:password@host:port/database, postgres://..., host=... dbname=..., mysql://..., sqlite:///file.db or "
    "sqlite::memory:"
)


def _start(url: str) -> str:
    """The scheme of a URL that is not understood: all of it that is safe to show."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        scheme, separator, _ = url.partition(":")
    return (scheme + separator)[:24] if separator else "…"


def _as_file(url: object) -> str:
    """A hint for a path in place of a URL."""
    from os import PathLike, fsdecode

    if not isinstance(url, PathLike):
        return ""
    return f"; that of the SQLite file is {_of_file(fsdecode(url))!r}"


def _of_file(path: str) -> str:
    from urllib.parse import quote

    return "sqlite:///" + quote(path)
