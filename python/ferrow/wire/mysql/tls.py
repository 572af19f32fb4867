"""TLS to MariaDB: the options are those of PostgreSQL, but no files are looked for that were not named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError
from ferrow.wire.option import boolean
from ferrow.wire.tls import tls_options

if TYPE_CHECKING:
    import ssl

    from ferrow.wire.settings import Settings
    from ferrow.wire.tls import TlsOptions

OPTIONS = (
    "ssl",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslpassword",
    "sslcrl",
    "sslcrldir",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
)
_REFUSED = 2026
"""The number of errors about TLS (CR_SSL_CONNECTION_ERROR)."""


def options_of(found: dict[str, Any]) -> TlsOptions:
    """What the options of a connection say. `ssl=true` is short for verify-full, `ssl=false` for disable.

    Raises InterfaceError for a value that is none, and for options that contradict each other.
    """
    given = {name: found[name] for name in OPTIONS if found.get(name) is not None}
    asked = given.get("ssl")
    if isinstance(asked, bool | int | str):
        del given["ssl"]
        wanted = "verify-full" if boolean("ssl", asked) else "disable"
        if given.setdefault("sslmode", wanted) != wanted:
            raise InterfaceError(f"ssl={asked} says {wanted}, and sslmode={given['sslmode']} was given; drop one")
    if given.get("sslmode") == "verify-full":
        given.setdefault("sslrootcert", "system")
    return tls_options(given)


def contexts(settings: Settings) -> list[ssl.SSLContext | None]:
    """How to speak to the server, in the order in which it is tried; None is without TLS.

    Raises InterfaceError for files that are not there, cannot be read, or do not fit together.
    """
    from ferrow.wire.tls_ways import ways

    host = settings.hosts[0]
    modes = ways(settings.tls, unix=host.name.startswith("/"), local=host.local)
    return [_context(settings.tls, mode) for mode in modes]


def _context(options: TlsOptions, mode: str | None) -> ssl.SSLContext | None:
    from ferrow.wire.tls_context import make
    from ferrow.wire.tls_files import Files, check_key
    from ferrow.wire.tls_ways import CONTEXT

    if mode is None:  # plain text
        return None
    if mode == CONTEXT:
        return options.ssl
    if options.sslcert and not options.sslkey:
        raise InterfaceError(
            f"there is no private key for the client certificate {options.sslcert}: name it with sslkey"
        )
    if options.sslkey:
        check_key(options.sslkey)
    found = Files(options.sslrootcert, options.sslcert, options.sslkey, options.sslcrl, options.sslcrldir)
    return make(options, mode, found, None)


def about_tls(error: BaseException) -> bool:
    """Whether it was TLS that failed, so that another way may be tried."""
    import ssl

    return bool(error.args and error.args[0] == _REFUSED) or isinstance(error.__cause__ or error, ssl.SSLError)
