"""What both PostgreSQL wires share: addresses, and the session object for some settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import NotSupportedError, OperationalError

if TYPE_CHECKING:
    from ferrow._core import PgSession
    from ferrow.wire.settings import Settings

S = TypeVar("S", bound="PgSession")

COPY_RUNS = (
    "a COPY is under way on this connection, and nothing else can run on it meanwhile: finish or close it first, "
    "or use another connection"
)

COPY_ENDED = "the COPY has ended: its connection went on to something else, or was given back to its pool"

SUSPENDED = "PortalSuspended"
"""The status of a result that was cut short by its limit: there may be more rows."""

_SOCKET_DIRECTORIES = ("/var/run/postgresql", "/run/postgresql", "/tmp")  # where libpq and Debian look


def address(settings: Settings) -> str | tuple[str, int]:
    """The path of a unix socket, or host and port. Without a host: the local socket where there is one."""
    host = settings.host
    if host is None:
        for directory in _SOCKET_DIRECTORIES:
            path = f"{directory}/.s.PGSQL.{settings.port}"
            if os.path.exists(path):
                return path
        host = "localhost"
    if host.startswith("/"):
        return f"{host}/.s.PGSQL.{settings.port}"
    return host, settings.port


def check_encryption(settings: Settings) -> None:
    """Refuse what would need TLS. Raises NotSupportedError; nothing is sent in plain text to another machine unasked."""
    mode = settings.sslmode
    if mode == "disable":
        return
    if mode in ("require", "verify-ca", "verify-full"):
        raise NotSupportedError(
            f"sslmode={mode}: this version cannot encrypt connections yet; use a local socket, a tunnel, or sslmode=disable"
        )
    if not is_local(settings.host):
        raise NotSupportedError(
            f"host {settings.host!r} is another machine and this version cannot encrypt connections yet; "
            "say sslmode=disable to send passwords and data in plain text"
        )


def is_local(host: str | None) -> bool:
    """Whether `host` is this machine, judged by its name alone; None is the local socket."""
    return host is None or host.startswith(("/", "127.")) or host in ("localhost", "::1")


def make_session(kind: type[S], settings: Settings) -> S:
    """A session that has its start-up message ready; what it is told without asking goes to `news`."""
    check_encryption(settings)
    return kind(
        user=settings.user,
        database=settings.database,
        password=None if settings.password is None else settings.password.reveal(),
        parameters=list(settings.parameters.items()),
        allow_cleartext=settings.allow_cleartext_password,
        allow_md5=settings.allow_md5_password,
        scram_max_iterations=settings.scram_max_iterations,
        statement_cache_size=settings.statement_cache_size,
        # Random, so that a pooler between us and the server can never answer with another process's statement.
        statement_prefix=f"ferrow_{os.urandom(6).hex()}_",
        prepared_statements=settings.prepared_statements,
        pooler=settings.pooler,
        codecs=settings.codecs,
    )


def unreachable(settings: Settings, reason: Any) -> OperationalError:
    """The error for a server that cannot be reached."""
    where = address(settings)
    place = where if isinstance(where, str) else f"{where[0]}:{where[1]}"
    return OperationalError(
        f"cannot connect to PostgreSQL at {place}: {reason}. Is the server running there, and is the port right?"
    )


def silent(seconds: float) -> str:
    """Why a connection was dropped that did not answer."""
    return f"the server did not answer within {seconds:g} seconds, so the connection was dropped"


def describe(settings: Settings, session: PgSession) -> str:
    """For a wire's `repr`: where it leads and what it is doing."""
    state = "closed" if session.ended is not None else session.status
    return f"{settings.redacted} pid={session.backend_pid} {state}"


def server_version(session: PgSession) -> str:
    """What the server calls its version; empty if it does not say, as some poolers do not."""
    return session.parameter("server_version") or ""


def facts(session: PgSession) -> dict[str, Any]:
    """What a session knows about itself."""
    return {
        "cached_statements": session.cached_statements,
        "unnamed_statements": session.unnamed,
        "backend_pid": session.backend_pid,
        "parameters": session.parameters(),
    }
