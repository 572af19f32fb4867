"""Who says what about a connection, and who wins: the program, the URL or DSN, the service file, the environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ferrow.errors import InterfaceError
from ferrow.wire.dsn.build import build
from ferrow.wire.dsn.keywords import read_keywords
from ferrow.wire.dsn.names import ALIASES, KNOWN, PROGRAM_ONLY, REFUSED, canonical, from_environment
from ferrow.wire.dsn.service import home, read_service
from ferrow.wire.dsn.uri import is_uri, read_uri
from ferrow.wire.dsn.values import check_sent, text_of
from ferrow.wire.settings import Settings

OBJECTS = ("password", "sslpassword", *PROGRAM_ONLY)
"""Options whose values may be more than text."""
_SENT = ("user", "password", "dbname", "application_name", "fallback_application_name", "options")


def parse(text: str, options: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Settings for a URL or DSN of PostgreSQL. Reads the service file if one is asked for, and nothing else.

    Raises InterfaceError for what is malformed, unknown or impossible, NotSupportedError for options of libpq that are not
    supported.
    """
    given: dict[str, Any] = dict(read_text(text))
    # As in libpq, an empty argument is one that was not given; in text it means the default.
    given |= {
        canonical(name, text=False): value if name in OBJECTS else text_of(name, value)
        for name, value in options.items()
        if value is not None and not (isinstance(value, str) and not value)
    }
    environment = from_environment(environ)
    if "sslmode" not in environment and environ.get("PGREQUIRESSL", "").startswith("1"):
        environment["sslmode"] = "require"
    service = _from_service(environment | given, environ)
    found = environment | service | given
    for name, value in found.items():
        if isinstance(value, str) and "\0" in value:
            raise InterfaceError(f"connection option {name!r} may not contain a NUL character")
    for name in _SENT:
        check_sent(name, found.get(name))
    found.setdefault("passfile", f"{home(environ)}/.pgpass")
    return build(found)


def _from_service(found: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    service = found.get("service")
    if not service:
        return {}
    options: dict[str, str] = {}
    for name, value in _renamed(read_service(service, found.get("servicefile"), environ)):
        try:
            options.setdefault(canonical(name, text=True), value)
        except InterfaceError as error:
            raise InterfaceError(f"service {service!r}: {error}") from None
    return options


def read_text(text: str) -> Iterable[tuple[str, str]]:
    """The options in a URL or DSN by libpq's names; of two of one name the later one counts. Raises as `parse`."""
    if is_uri(text):
        last = ""
        for name, value in read_uri(text):
            # What JDBC calls it.
            name, value = ("sslmode", "require") if (name, value) == ("ssl", "true") else (name, value)
            for known, meant in _renamed([(name, value)]):
                if last == "password" and known not in KNOWN and known not in REFUSED and known not in ALIASES:
                    raise InterfaceError(
                        "unknown connection option after 'password='. If it is a part of the password: '&' in a value is %26"
                    )
                yield canonical(known, text=True), meant
            last = name
        return
    last = ""
    for name, value in _renamed(read_keywords(text)):
        try:
            yield canonical(name, text=True), value
        except InterfaceError:
            if last == "password":
                raise InterfaceError(
                    "unknown connection option after the value of 'password'. If it is a part of the password: a value with "
                    "spaces is put in quotes"
                ) from None
            raise
        last = name


def _renamed(options: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """`requiressl` is what `sslmode` was called before PostgreSQL 8."""
    for name, value in options:
        if name == "requiressl":
            yield "sslmode", "require" if value.startswith("1") else "prefer"
        else:
            yield name, value
