"""`mysql://user:password@host:port/database?option=value`."""

from __future__ import annotations

from typing import Any

from ferrow.errors import InterfaceError, NotSupportedError, nearest
from ferrow.wire.host import Host
from ferrow.wire.mysql.tls import OPTIONS as TLS
from ferrow.wire.mysql.tls import options_of
from ferrow.wire.option import integer, pairs, seconds
from ferrow.wire.settings import Secret, Settings

PORT = 3306

_OPTIONS = (
    "user",
    "password",
    "host",
    "port",
    "database",
    "unix_socket",
    "connect_timeout",
    "command_timeout",
    *TLS,
)


def parse(rest: str, options: dict[str, Any]) -> Settings:
    """Settings for what stands after `mysql:`. Raises InterfaceError as `url.parse`."""
    from urllib.parse import unquote, urlsplit

    if not rest.startswith("//"):
        raise InterfaceError("Invalid connection string: expected mysql://user:password@host:port/database")
    address, _, query = rest.partition("?")
    try:
        parts = urlsplit(f"mysql:{address}")
        port = parts.port
    except ValueError:
        raise InterfaceError("Invalid connection string: expected mysql://user:password@host:port/database") from None
    found: dict[str, Any] = dict(pairs(query))
    said = {
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password is not None else None,
        "host": unquote(parts.hostname) if parts.hostname else None,
        "port": port,
        "database": unquote(parts.path.removeprefix("/")) or None,
    }
    found = {**{name: value for name, value in said.items() if value is not None}, **found}
    found.update({name: value for name, value in options.items() if value is not None})
    if "codecs" in found:
        raise NotSupportedError(
            "the connection option 'codecs' is for PostgreSQL and SQLite; MariaDB's types have none"
        )
    for name in found:
        if name not in _OPTIONS:
            raise InterfaceError(f"unknown connection option {name!r}. {nearest(name, _OPTIONS)}")
    if any("\0" in value for value in found.values() if isinstance(value, str)):
        raise InterfaceError("a connection option may not contain a NUL character")
    password = found.get("password")
    place = str(found.get("unix_socket") or found.get("host") or "localhost")
    return Settings(
        dialect="mysql",
        database=str(found.get("database", "")),
        user=str(found.get("user", "")),
        password=Secret(password) if isinstance(password, str) else password,
        hosts=(Host(host=place, port=integer("port", found.get("port", PORT), 1, 65535)),),
        tls=options_of(found),
        connect_timeout=seconds("connect_timeout", found.get("connect_timeout", 30.0)),
        command_timeout=seconds("command_timeout", found.get("command_timeout", 0)) or None,
    )
