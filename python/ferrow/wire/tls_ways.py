"""In which ways a connection may be made, encrypted or not, in the order in which they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.wire.tls import TlsOptions

PLAIN = None
DEFAULT = "default"
"""The mode of who said nothing: as verify-full, but also content with the system's authorities."""
CONTEXT = "context"
"""The mode of who gave an `ssl.SSLContext`, which decides everything."""


def ways(options: TlsOptions, *, unix: bool, local: bool) -> tuple[str | None, ...]:
    """The modes to try, one after the other; PLAIN is without TLS.

    `unix`: a unix socket, which is never encrypted (as in libpq). `local`: a host that is this machine by its name or
    address. Raises InterfaceError where the options ask for what this cannot be.
    """
    if unix:
        return (PLAIN,)
    if options.ssl is not None:
        return (CONTEXT,)
    mode = options.sslmode
    if mode is None:
        if options.sslrootcert == "system":
            return ("verify-full",)
        if not local:
            return (DEFAULT,)
        if options.sslnegotiation == "direct":
            raise InterfaceError("sslnegotiation=direct needs sslmode=require or stricter, and none was given")
        return (PLAIN,)
    return {
        "disable": (PLAIN,),
        "allow": (PLAIN, "allow"),
        "prefer": ("prefer", PLAIN),
    }.get(mode, (mode,))
