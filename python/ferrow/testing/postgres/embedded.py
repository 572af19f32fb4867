"""A PostgreSQL server for tests and demonstrations, from a wheel."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from ferrow.driver import connect
from ferrow.identifier import quoted
from ferrow.testing.postgres.account import server_account
from ferrow.testing.postgres.binaries import Installation, installation
from ferrow.testing.postgres.cluster import DATABASE, USER, create, major_of
from ferrow.testing.postgres.error import EmbeddedPostgresError
from ferrow.testing.postgres.places import Layout, temporary
from ferrow.testing.postgres.port import free_port
from ferrow.testing.postgres.process import PortTaken, ServerProcess
from ferrow.testing.postgres.readable import readable
from ferrow.testing.postgres.settings import server_settings
from ferrow.testing.postgres.stale import clear_stale


class EmbeddedPostgres:
    """A PostgreSQL server that only this machine can reach, with a database and a superuser both called `ferrow`.

        with EmbeddedPostgres() as server:
            engine = create_engine(server.url)

    data_dir   where the data stays between runs; None: a temporary folder, removed at the end.
    version    major version of PostgreSQL; None: that of the data, else the newest in the wheel.
    keep       leave a temporary folder in place, to look at what a failed test left behind.
    durable    False: no fsync. Faster; a crash of the machine may lose or damage the data.
    settings   further server settings, e.g. {"max_connections": "20"}.

    Passwords are random and checked by SCRAM-SHA-256. As root, the server runs as an unprivileged user. It stops with
    `stop`, at the end of the `with` block, when the program ends, and when the program is killed. Unix only.
    Raises EmbeddedPostgresError if the extra `ferrow[embedded]` is missing or the server does not start.
    """

    def __init__(
        self,
        data_dir: str | os.PathLike[str] | None = None,
        *,
        version: int | None = None,
        keep: bool = False,
        durable: bool = True,
        settings: dict[str, str] | None = None,
    ) -> None:
        self._data_dir = None if data_dir is None else Path(data_dir).absolute()
        self._version = version
        self._keep = keep
        self._durable = durable
        self._settings = settings or {}
        self._layout: Layout | None = None
        self._sockets: Path | None = None
        self._lock: IO[bytes] | None = None
        self._process: ServerProcess | None = None
        self._port = 0
        self._owner = 0

    @property
    def running(self) -> bool:
        """Whether the server has been started and not been stopped."""
        return self._process is not None

    @property
    def url(self) -> str:
        """`postgresql://ferrow:<password>@127.0.0.1:<port>/ferrow`."""
        password = self._files().password.read_text()
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def socket_url(self) -> str:
        """The same over a unix socket: `postgresql://ferrow:<password>@/ferrow?host=<folder>&port=<port>`."""
        password = self._files().password.read_text()
        return f"postgresql://{USER}:{password}@/{DATABASE}?host={self._sockets}&port={self.port}"

    @property
    def port(self) -> int:
        """The TCP port of 127.0.0.1."""
        self._files()
        return self._port

    @property
    def pid(self) -> int:
        """The process id of the server."""
        self._files()
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._files().log

    def create_database(self, name: str) -> str:
        """Create an empty database, and return its URL.

        Raises:
            ProgrammingError: there is one of this name, or it is no name.
        """
        with connect(self.url) as conn:
            conn.script(f"CREATE DATABASE {quoted(name, 'database')}")
        return self.url.removesuffix(DATABASE) + quote(name, safe="")

    def start(self) -> Self:
        """Start the server, creating its data first if there is none; return when it answers."""
        if self._process is not None:
            return self
        self._owner = os.getpid()
        atexit.register(self.stop)
        try:
            self._prepare()
            self._run(port=None)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop the server, and remove its data if they are temporary. Does nothing if it is not running."""
        if self._owner != os.getpid():
            return  # a forked child must not stop its parent's server
        atexit.unregister(self.stop)
        if self._process is not None:
            self._process.stop()
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        for folder in self._temporary():
            shutil.rmtree(folder, ignore_errors=True)
        self._layout = self._sockets = None
        self._owner = 0

    def restart(self, *, immediate: bool = False) -> None:
        """Stop and start again on the same port with the same data; `immediate` ends it as a crash would."""
        self._files()
        assert self._process is not None
        self._process.stop(immediate=immediate)
        self._process = None
        self._run(port=self._port)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        where = f"127.0.0.1:{self._port}" if self.running else "stopped"
        return f"<EmbeddedPostgres {where} {self._data_dir or 'temporary'}>"

    def _files(self) -> Layout:
        if self._process is None or self._layout is None:
            raise EmbeddedPostgresError("the embedded server is not running: call start(), or use it in a `with` block")
        return self._layout

    def _installation(self, major: int | None) -> Installation:
        """The programs to run; `major` is None if any version will do."""
        return installation(major)

    def _prepare(self) -> None:
        """Bring the data directory into being, for us alone."""
        account = server_account()
        self._layout = Layout(self._data_dir or temporary("ferrow-pg-", account))
        self._layout.create(account)
        self._sockets = temporary("ferrow-sock-", account)
        self._lock = self._layout.lock.open("ab")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedPostgresError(f"{self._layout.root} is in use by another process") from None
        written_by = major_of(self._layout.data)
        if written_by is not None and self._version not in (None, written_by):
            raise EmbeddedPostgresError(
                f"{self._layout.root} was written by PostgreSQL {written_by}, not {self._version}: "
                "choose another data_dir or that version"
            )
        self._found = readable(self._installation(written_by or self._version), account)
        self._account = account
        if written_by is None:
            create(self._layout, self._found, account, durable=self._durable)
        clear_stale(self._layout.data)

    def _run(self, port: int | None) -> None:
        """Start the process on `port`, or on a free one, trying again when somebody else was faster."""
        assert self._layout is not None
        assert self._sockets is not None
        for attempt in range(5):
            self._port = port or free_port()
            settings = server_settings(self._port, self._sockets, durable=self._durable) | self._settings
            try:
                self._process = ServerProcess(self._layout, self._found, self._account, settings, self._temporary())
                return
            except PortTaken:
                if port is not None or attempt == 4:
                    raise

    def _temporary(self) -> list[Path]:
        """The folders that go when the server does."""
        folders = [self._sockets] if self._sockets else []
        if self._layout is not None and self._data_dir is None and not self._keep:
            folders.append(self._layout.root)
        return folders
