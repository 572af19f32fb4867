"""What a server cannot know about a login that it refused: what was asked for here, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.wire.settings import Secret
from ferrow.wire.tls_ways import ways

if TYPE_CHECKING:
    from ferrow.errors import DatabaseError
    from ferrow.wire.host import Host
    from ferrow.wire.settings import Settings

_WRONG_PASSWORD = "28P01"
_REFUSED = "28000"  # no line of pg_hba.conf lets us in
_NO_DATABASE = "3D000"


def advice(settings: Settings, error: DatabaseError, host: Host) -> str | None:
    """A hint for what `host` said at login; None if there is nothing to say. The password is not in it."""
    if error.sqlstate == _WRONG_PASSWORD:
        return f"This is what {host} says of the password from {_source(settings)}."
    if error.sqlstate == _NO_DATABASE:
        name = " (none was named, so it is the user's name)" if settings.database == settings.user else ""
        return f"{host} has no such database{name}: name another one behind the port in the URL, or as dbname=, or create it."
    if error.sqlstate == _REFUSED:
        unix = isinstance(host.target, str)
        if not unix and ways(settings.tls, unix=unix, local=host.local)[-1] is None:
            return (
                f"{host} may want TLS, and this was without: say sslmode=require or stricter. Else see its pg_hba.conf."
            )
        return f"See pg_hba.conf of the server at {host}."
    return None


def _source(settings: Settings) -> str:
    if settings.password is None:
        return f"the password file {settings.passfile}"
    if isinstance(settings.password, Secret):
        return "the program, the URL, the service file or PGPASSWORD"
    return "the function given as password="
