"""Where a database is and how to reach it, from a URL and the `PG*` variables.

PostgreSQL URLs are those of libpq (manual, "Connection URIs"); SQLite URLs are those of the Python ecosystem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ferrow.errors import InterfaceError, NotSupportedError, nearest
from ferrow.wire.option import boolean, choice, integer, pairs, seconds
from ferrow.wire.settings import Secret, Settings

# Options of a PostgreSQL URL or of keyword arguments -> environment variable that gives their default.
_PG_OPTIONS: dict[str, str | None] = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "database": "PGDATABASE",
    "application_name": "PGAPPNAME",
    "options": "PGOPTIONS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "sslmode": "PGSSLMODE",
    "timezone": "PGTZ",
    "allow_cleartext_password": None,
    "allow_md5_password": None,
    "scram_max_iterations": None,
    "notification_queue_size": None,
    "statement_cache_size": None,
    "prepared_statements": None,
    "codecs": None,
}
_PG_ALIASES = {"dbname": "database", "fallback_application_name": "application_name"}
_SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def parse(url: str, *, environ: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """Settings for `url`; keyword `options` win over the URL, the URL over the environment.

    `postgresql://user:password@host:port/database?option=value`, `postgres://...`, `sqlite:///relative.db`,
    `sqlite:////absolute.db`, `sqlite::memory:`. Reads `PG*` from `environ` (default: `os.environ`). Does no I/O.

    Raises InterfaceError for a malformed URL or an unknown option; the message never shows the password.
    """
    if not isinstance(url, str):
        raise InterfaceError(f"a database URL is a str, not {type(url).__name__}")
    if "\0" in url:
        raise InterfaceError("a database URL may not contain a NUL character")
    scheme, separator, rest = url.partition(":")
    if separator and scheme in ("postgresql", "postgres"):
        if environ is None:
            import os

            environ = os.environ
        return _postgresql(rest, options, environ)
    if separator and scheme == "sqlite":
        from ferrow.wire import sqlite_url

        return sqlite_url.parse(rest, options)
    if separator and scheme == "mysql":
        raise NotSupportedError("MySQL is not supported yet; supported: postgresql://, sqlite:")
    known = "postgresql://user:password@host:port/database, postgres://..., sqlite:///file.db or sqlite::memory:"
    raise InterfaceError(f"Invalid connection string: it starts with {_start(url)!r}; expected {known}")


def _start(url: str) -> str:
    """The scheme of a URL that is not understood: all of it that is safe to show."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        scheme, separator, _ = url.partition(":")
    return (scheme + separator)[:24] if separator else "…"


def _postgresql(rest: str, options: dict[str, Any], environ: Mapping[str, str]) -> Settings:
    from urllib.parse import unquote

    if not rest.startswith("//"):
        raise InterfaceError("Invalid connection string: expected postgresql://user:password@host:port/database")
    address, _, query = rest[2:].partition("?")
    authority, slash, database = address.partition("/")
    credentials, at, location = authority.rpartition("@")
    user, colon, password = credentials.partition(":")
    if not at and "@" in database + query and location.count(":") == 1 and not location.rpartition(":")[2].isdigit():
        # What looks like a port is the beginning of the password, and an error must not show it.
        raise InterfaceError(
            "Invalid connection string: a '/' or '?' stands before the '@'. In a user or password it is written in percent "
            "encoding, as urllib.parse.quote(password, safe='') does"
        )
    host, port = _host_and_port(location)
    found: dict[str, Any] = {
        name: environ[variable] for name, variable in _PG_OPTIONS.items() if variable and environ.get(variable)
    }
    found.update(_known(pairs(query)))
    given = {
        "user": unquote(user) if at and user else None,
        "password": unquote(password) if at and colon else None,
        "host": unquote(host) or None,
        "port": port or None,
        "database": unquote(database) if slash and database else None,
    }
    found.update({name: value for name, value in given.items() if value is not None})
    found.update(_known({name: value for name, value in options.items() if value is not None}))
    return _postgresql_settings(found)


def _host_and_port(location: str) -> tuple[str, str]:
    if "," in location:
        raise NotSupportedError("several hosts in one URL are not supported yet; name one host")
    if location.startswith("["):
        host, bracket, tail = location[1:].partition("]")
        if not bracket or (tail and not tail.startswith(":")):
            raise InterfaceError(f"Invalid connection string: unclosed '[' around the IPv6 address in {location!r}")
        return host, tail[1:]
    host, _, port = location.partition(":")
    return host, port


def _known(options: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in options.items():
        canonical = _PG_ALIASES.get(name, name)
        if canonical not in _PG_OPTIONS:
            raise InterfaceError(f"unknown connection option {name!r}. {nearest(name, _PG_OPTIONS)}")
        result[canonical] = value
    return result


def _postgresql_settings(found: dict[str, Any]) -> Settings:
    for name, value in found.items():
        if isinstance(value, str) and "\0" in value:
            raise InterfaceError(f"connection option {name!r} may not contain a NUL character")
    sslmode = found.get("sslmode")
    if sslmode is not None and sslmode not in _SSLMODES:
        raise InterfaceError(f"unknown sslmode {sslmode!r}. {nearest(str(sslmode), _SSLMODES)}")
    user = found.get("user") or _os_user()
    password = found.get("password")
    parameters: dict[str, str] = {}
    for name in ("application_name", "options"):
        if found.get(name):
            parameters[name] = str(found[name])
    if found.get("timezone"):
        parameters["TimeZone"] = str(found["timezone"])
    return Settings(
        dialect="postgresql",
        user=user,
        password=None if password is None else Secret(str(password)),
        host=found.get("host"),
        port=integer("port", found.get("port", 5432), 1, 65535),
        database=found.get("database") or user,
        parameters=parameters,
        connect_timeout=seconds("connect_timeout", found.get("connect_timeout", 30.0)),
        statement_cache_size=integer("statement_cache_size", found.get("statement_cache_size", 256), 0, 100_000),
        prepared_statements=_prepared_statements(found.get("prepared_statements", "auto")),
        sslmode=sslmode,
        allow_cleartext_password=boolean("allow_cleartext_password", found.get("allow_cleartext_password", False)),
        allow_md5_password=boolean("allow_md5_password", found.get("allow_md5_password", False)),
        scram_max_iterations=integer("scram_max_iterations", found.get("scram_max_iterations", 100_000), 1, 100_000),
        notification_queue_size=integer(
            "notification_queue_size", found.get("notification_queue_size", 10_000), 1, 10_000_000
        ),
        codecs=_codecs(found.get("codecs", ())),
    )


def _prepared_statements(value: Any) -> Literal["auto", "named", "unnamed"]:
    word: Any = choice("prepared_statements", value, ("auto", "named", "unnamed"))
    return word  # type: ignore[no-any-return]


def _os_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise InterfaceError("no user in the URL, in PGUSER or in the operating system; name one in the URL") from None


def _codecs(value: Any) -> tuple[Any, ...]:
    if isinstance(value, (list, tuple)) and all(hasattr(item, "type_name") for item in value):
        return tuple(value)
    raise InterfaceError(
        f"connection option 'codecs' is a list of ferrow.types.Codec, given in the program; not {value!r}"
    )
