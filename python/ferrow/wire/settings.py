"""What a wire needs to know to connect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ferrow._core import PgPooler


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Address, credentials and options of one database; times in seconds, 0 for no limit."""

    dialect: Literal["postgresql", "sqlite"]
    database: str
    connect_timeout: float = 30.0
    statement_cache_size: int = 256
    # PostgreSQL. `host` None: the local socket directory where there is one, else localhost.
    user: str = ""
    password: Secret | None = None
    host: str | None = None
    port: int = 5432
    parameters: Mapping[str, str] = field(default_factory=dict)
    sslmode: str | None = None
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
    busy_timeout: float = 5.0
    inline_reads: bool = True

    def replace(self, **changes: Any) -> Settings:
        return replace(self, **changes)

    @property
    def redacted(self) -> str:
        """The URL without its password."""
        if self.dialect == "sqlite":
            return "sqlite::memory:" if self.memory else f"sqlite:///{self.database}"
        from urllib.parse import quote

        secret = ":****" if self.password is not None else ""
        host = self.host or "localhost"
        host = quote(host, safe="") if host.startswith("/") else f"[{host}]" if ":" in host else host
        return f"postgresql://{quote(self.user, safe='')}{secret}@{host}:{self.port}/{quote(self.database, safe='')}"
