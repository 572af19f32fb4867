"""What a wire needs to know to connect."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ferrow._core import PgPooler
from ferrow.wire.host import Host
from ferrow.wire.tls import TlsOptions


class Secret:
    """A password that does not show itself in a `repr`, a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "'****'"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> Any:
        raise TypeError("a Secret is not pickled; pass the URL in another way")


PasswordFunction = Callable[[], str | Secret | Awaitable[str | Secret]]
"""Who is asked for a password each time a connection is made."""
Password = Secret | PasswordFunction


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepalive:
    """How TCP finds out that the other side is gone (libpq's `keepalives*` and `tcp_user_timeout`); 0 is the system's default.

    Times are seconds, but `user_timeout`: milliseconds for which data that were sent may stay unacknowledged.
    """

    on: bool = True
    idle: int = 15
    interval: int = 5
    count: int = 3
    user_timeout: int = 15_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Addresses, credentials and options of one database; times in seconds, 0 for no limit."""

    dialect: Literal["postgresql", "sqlite", "mysql"]
    database: str
    connect_timeout: float = 30.0
    command_timeout: float | None = None
    statement_cache_size: int = 256
    # PostgreSQL. `connect_timeout` is for each address, `connect_deadline` for all of them together; None: no bound.
    connect_deadline: float | None = None
    user: str = ""
    password: Password | None = None
    passfile: str | None = None
    hosts: tuple[Host, ...] = (Host(),)
    target_session_attrs: str = "any"
    load_balance_hosts: bool = False
    keepalive: Keepalive = Keepalive()
    requirepeer: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    tls: TlsOptions = field(default_factory=TlsOptions)
    require_auth: tuple[str, ...] | None = None
    allow_cleartext_password: bool = False
    allow_md5_password: bool = False
    scram_max_iterations: int = 100_000
    notification_queue_size: int = 10_000
    prepared_statements: Literal["auto", "named", "unnamed"] = "auto"
    # What one connection finds out, all that are made with these settings (or a `replace` of them) know.
    pooler: PgPooler = field(default_factory=PgPooler, repr=False, compare=False)
    codecs: tuple[Any, ...] = ()  # `ferrow.types.Codec`s, a room that this one does not know
    # SQLite. `database` is a path, or a URI when `uri` is true.
    memory: bool = False
    uri: bool = False
    mode: str = "rwc"
    immutable: bool = False
    vfs: str | None = None
    journal_mode: str | None = None
    synchronous: str | None = None
    cache_size: int | None = None
    foreign_keys: bool = True
    allow_extensions: bool = False
    allow_sqlite3: bool = False
    busy_timeout: float = 5.0
    inline_reads: bool = True

    def replace(self, **changes: Any) -> Settings:
        return replace(self, **changes)

    @property
    def host(self) -> str | None:
        """That of the first server, for messages."""
        return self.hosts[0].host

    @property
    def port(self) -> int:
        """That of the first server, for messages."""
        return self.hosts[0].port

    @property
    def redacted(self) -> str:
        """The URL without its password."""
        if self.dialect == "sqlite":
            return "sqlite::memory:" if self.memory else f"sqlite:///{self.database}"
        from urllib.parse import quote

        secret = ":****" if self.password is not None else ""
        hosts = ",".join(_shown(host) for host in self.hosts)
        return f"{self.dialect}://{quote(self.user, safe='')}{secret}@{hosts}/{quote(self.database, safe='')}"


def _shown(host: Host) -> str:
    from urllib.parse import quote

    name = host.name
    name = quote(name, safe="") if name.startswith(("/", "@")) else f"[{name}]" if ":" in name else name
    return f"{name}:{host.port}"
