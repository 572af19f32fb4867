"""The TLS options of a connection, by libpq's names (PostgreSQL manual, "Parameter Key Words"). Does no I/O, and no TLS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError
from ferrow.wire.option import boolean, choice

if TYPE_CHECKING:
    import ssl

    from ferrow.wire.settings import Secret

TLS_OPTIONS: dict[str, str | None] = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslpassword": None,
    "sslcrl": "PGSSLCRL",
    "sslcrldir": "PGSSLCRLDIR",
    "sslsni": "PGSSLSNI",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "channel_binding": "PGCHANNELBINDING",
    "ssl": None,
}
"""Option -> environment variable that gives its default."""

SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
STRONG = ("require", "verify-ca", "verify-full")
VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsOptions:
    """How a connection is encrypted, and who may be at its other end; None where nothing was said."""

    sslmode: str | None = None
    sslrootcert: str | None = None
    sslcert: str | None = None
    sslkey: str | None = None
    sslpassword: Secret | None = None
    sslcrl: str | None = None
    sslcrldir: str | None = None
    sslsni: bool = True
    ssl_min_protocol_version: str = "TLSv1.2"
    ssl_max_protocol_version: str | None = None
    sslnegotiation: str = "postgres"
    channel_binding: str = "prefer"
    ssl: ssl.SSLContext | None = None
    # What was made of these options, so that each connection need not read the files again: see `tls_context`.
    contexts: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


def tls_options(found: Mapping[str, Any]) -> TlsOptions:
    """What `found`, option by option, says about TLS; other options are ignored.

    Raises InterfaceError for a value that is none, and for options that contradict each other.
    """
    given = {name: found[name] for name in TLS_OPTIONS if found.get(name) is not None}
    values: dict[str, Any] = {}
    for name in _FILES:
        if given.get(name):
            values[name] = str(given[name])
    if "sslmode" in given:
        values["sslmode"] = choice("sslmode", given["sslmode"], SSLMODES)
    if given.get("sslpassword"):
        from ferrow.wire.settings import Secret

        password = given["sslpassword"]
        values["sslpassword"] = password if isinstance(password, Secret) else Secret(str(password))
    if "sslsni" in given:
        values["sslsni"] = boolean("sslsni", given["sslsni"])
    for name in ("ssl_min_protocol_version", "ssl_max_protocol_version"):
        if given.get(name):
            values[name] = _version(name, given[name])
    if "sslnegotiation" in given:
        values["sslnegotiation"] = choice("sslnegotiation", given["sslnegotiation"], ("postgres", "direct"))
    if "channel_binding" in given:
        values["channel_binding"] = choice(
            "channel_binding", given["channel_binding"], ("disable", "prefer", "require")
        )
    if "ssl" in given:
        values["ssl"] = _context(given["ssl"])
    options = TlsOptions(**values)
    _check(options)
    return options


def _version(name: str, value: Any) -> str:
    for version in VERSIONS:
        if version.lower() == str(value).lower():
            return version
    raise InterfaceError(f"connection option {name!r} is one of {', '.join(VERSIONS)}, not {value!r}")


def _context(value: Any) -> Any:
    import ssl

    if isinstance(value, ssl.SSLContext):
        return value
    raise InterfaceError(
        f"connection option 'ssl' is an ssl.SSLContext, given in the program; not {value!r}. "
        "Say sslmode=verify-full to encrypt without one"
    )


def _check(options: TlsOptions) -> None:
    mode = options.sslmode
    # As libpq: a public authority vouches for anybody who owns some name, so only the name makes that worth something.
    if options.sslrootcert == "system" and mode not in (None, "verify-full"):
        raise InterfaceError(f"sslrootcert=system needs sslmode=verify-full, and sslmode={mode} was given")
    # A server of before PostgreSQL 17 does not answer to TLS at once, and what is waited for then is not TLS.
    if options.sslnegotiation == "direct" and mode is not None and mode not in STRONG:
        raise InterfaceError(f"sslnegotiation=direct needs sslmode=require or stricter, and sslmode={mode} was given")
    if options.ssl is not None:
        others = [name for name in (*_FILES, "sslpassword") if getattr(options, name) is not None]
        if others:
            raise InterfaceError(
                f"the ssl.SSLContext that was given as 'ssl' decides about {', '.join(others)}; drop one"
            )
        if mode in ("disable", "allow", "prefer"):
            raise InterfaceError(f"an ssl.SSLContext was given as 'ssl', and sslmode={mode} may do without; drop one")
    low, high = options.ssl_min_protocol_version, options.ssl_max_protocol_version
    if high is not None and VERSIONS.index(low) > VERSIONS.index(high):
        raise InterfaceError(f"ssl_min_protocol_version ({low}) is newer than ssl_max_protocol_version ({high})")
