"""What both PostgreSQL wires share: addresses, and the session object for some settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.abc import Status
from ferrow.lexical import reported
from ferrow.wire.settings import Secret
from ferrow.wire.tls_ways import ways

if TYPE_CHECKING:
    from ferrow._core import PgSession
    from ferrow.wire.settings import Settings

S = TypeVar("S", bound="PgSession")

STATUS = {str(status): status for status in Status}
"""By what sessions call it."""

COPY_RUNS = (
    "a COPY is under way on this connection, and nothing else can run on it meanwhile: finish or close it first, "
    "or use another connection"
)

COPY_ENDED = (
    "the COPY has ended: the transaction around it was rolled back, its connection went on to something else, or was given back to its "
    "pool"
)

SUSPENDED = "PortalSuspended"
"""The status of a result that was cut short by its limit: there may be more rows."""


def address(settings: Settings) -> str | tuple[str, int]:
    """Where the first server of the settings is: the path of a unix socket, or host and port."""
    return settings.hosts[0].target


def encryptions(settings: Settings) -> tuple[str | None, ...]:
    """In which modes of `tls_ways` to connect, one after the other; None is without TLS. Raises InterfaceError."""
    return ways(settings.tls, unix=isinstance(address(settings), str), local=settings.hosts[0].local)


def make_session(kind: type[S], settings: Settings) -> S:
    """A session that has its start-up message ready; what it is told without asking goes to `news`."""
    return kind(
        user=settings.user,
        database=settings.database,
        # A function has been asked by now: what it said is in the settings of this one attempt.
        password=settings.password.reveal() if isinstance(settings.password, Secret) else None,
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
        channel_binding=settings.tls.channel_binding,
        require_auth=None if settings.require_auth is None else list(settings.require_auth),
    )


def place(settings: Settings) -> str:
    """Where the server is, for messages."""
    return str(settings.hosts[0])


def describe(settings: Settings, session: PgSession) -> str:
    """For a wire's `repr`: where it leads and what it is doing."""
    state = "closed" if session.ended is not None else session.status
    return f"{settings.redacted} pid={session.backend_pid} {state}"


def server_version(session: PgSession) -> str:
    """What the server calls its version; empty if it does not say, as some poolers do not."""
    return session.parameter("server_version") or ""


def reading(session: PgSession) -> str:
    """As `Wire.reading`."""
    return reported(session.parameter("standard_conforming_strings"))


def facts(session: PgSession) -> dict[str, Any]:
    """What a session knows about itself."""
    return {
        "cached_statements": session.cached_statements,
        "unnamed_statements": session.unnamed,
        "backend_pid": session.backend_pid,
        "parameters": session.parameters(),
    }
