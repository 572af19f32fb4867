"""The options of a PostgreSQL connection by name."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ferrow.errors import InterfaceError, NotSupportedError, nearest
from ferrow.wire.tls import TLS_OPTIONS

OPTIONS: dict[str, str | None] = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "servicefile": "PGSERVICEFILE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "load_balance_hosts": "PGLOADBALANCEHOSTS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "command_timeout": None,
    "keepalives": None,
    "keepalives_idle": None,
    "keepalives_interval": None,
    "keepalives_count": None,
    "tcp_user_timeout": None,
    "application_name": "PGAPPNAME",
    "fallback_application_name": None,
    "options": "PGOPTIONS",
    "client_encoding": None,  # PGCLIENTENCODING is about terminals: strings are Unicode here, whatever it says
    "timezone": "PGTZ",
    "requirepeer": "PGREQUIREPEER",
    "replication": None,
    "min_protocol_version": "PGMINPROTOCOLVERSION",
    "max_protocol_version": "PGMAXPROTOCOLVERSION",
    "gssencmode": "PGGSSENCMODE",
    "require_auth": "PGREQUIREAUTH",
    # Ours.
    "allow_cleartext_password": None,
    "allow_md5_password": None,
    "scram_max_iterations": None,
    "notification_queue_size": None,
    "statement_cache_size": None,
    "prepared_statements": None,
    "codecs": None,
}
"""Those that are understood -> the environment variable that gives their default."""

KNOWN = OPTIONS | TLS_OPTIONS
"""Every option that is understood, with its variable."""

_VARIABLES = [(name, variable) for name, variable in KNOWN.items() if variable]
_STORED = frozenset(key for _, variable in _VARIABLES for key in (variable, os.fsencode(variable)))

ALIASES = {"database": "dbname"}
"""Ferrow's own names -> libpq's."""

PROGRAM_ONLY = ("codecs", "ssl")
"""Objects of the program, which no text can give."""

_NO_TLS = "it has no effect here; leave it out"
_NO_GSS = "logging in with Kerberos (GSSAPI) is not supported; leave it out"
_NO_OAUTH = "logging in with OAuth is not supported; leave it out"
_NO_KEYS = "SCRAM keys instead of a password are not supported; give password="

REFUSED: dict[str, str] = {
    "krbsrvname": _NO_GSS,
    "gsslib": _NO_GSS,
    "gssdelegation": _NO_GSS,
    "oauth_issuer": _NO_OAUTH,
    "oauth_client_id": _NO_OAUTH,
    "oauth_client_secret": _NO_OAUTH,
    "oauth_scope": _NO_OAUTH,
    "scram_client_key": _NO_KEYS,
    "scram_server_key": _NO_KEYS,
    "sslcompression": _NO_TLS,
    "sslcertmode": _NO_TLS,
    "sslkeylogfile": _NO_TLS,
}
"""Those of libpq that are known and not supported, with the reason."""


def canonical(name: str, *, text: bool) -> str:
    """The one name of an option; `text`: it stands in a URL, a DSN or a file.

    Raises InterfaceError for an unknown option, with the nearest known one, and NotSupportedError for one of libpq's that
    is not supported.
    """
    name = ALIASES.get(name, name)
    if name not in KNOWN:
        if (reason := REFUSED.get(name)) is not None:
            raise NotSupportedError(f"connection option {name!r}: {reason}")
        raise InterfaceError(f"unknown connection option {name!r}. {nearest(name, KNOWN)}")
    if text and name in PROGRAM_ONLY:
        raise InterfaceError(
            f"connection option {name!r} is given in the program, as a keyword argument; it cannot stand in text"
        )
    return name


def from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the `PG*` variables say; an empty one says nothing, as an empty option."""
    # `os.environ` raises two exceptions for each variable that is not set: a third of the time that reading a URL took. Its
    # table is not public, so it is only asked whether all of that is needed, and where there is none it is.
    if _STORED.isdisjoint(getattr(environ, "_data", _STORED)):
        return {}
    return {name: value for name, variable in _VARIABLES if (value := environ.get(variable))}
