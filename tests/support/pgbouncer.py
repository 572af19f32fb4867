"""A PgBouncer of its own in front of a server, in transaction mode unless a test says otherwise.

with PgBouncer(require(distribution_pgbouncer), postgresql_url) as bouncer:
    conn = connect(bouncer.url)
    bouncer.show("POOLS")
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from ferrow.testing.postgres.account import server_account
from ferrow.testing.postgres.places import temporary
from ferrow.testing.postgres.port import free_port
from tests.support.console import ask
from tests.support.watch import Watch

START_TIMEOUT = 30.0


class PgBouncer:
    """Serves every database of the server of `url`, to the user of `url`, who is also its administrator.

    program   its path, from tests.support.packages.
    mode      pool_mode: transaction, session or statement.
    settings  of the section [pgbouncer], e.g. {"max_prepared_statements": "100", "default_pool_size": "1"}.
    """

    def __init__(self, program: Path, url: str, *, mode: str = "transaction", settings: dict[str, str] | None = None):
        self._program = program
        self._server = urlsplit(url)
        self._settings = {"pool_mode": mode, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None
        self.port = 0
        """The TCP port of 127.0.0.1."""

    @property
    def url(self) -> str:
        """The URL of the server, by way of the bouncer."""
        return self._url(self._server.path)

    @property
    def admin_url(self) -> str:
        """Its console, which knows the simple protocol only: `connect(...).script`, or `show`."""
        return self._url("/pgbouncer")

    @property
    def log(self) -> str:
        """What it has said so far."""
        return (self._folder / "log").read_text(errors="replace")

    def show(self, what: str) -> list[dict[str, str | None]]:
        """The rows of SHOW POOLS, SHOW SERVERS, SHOW VERSION, ... by column, as text."""
        return self.command(f"SHOW {what}")

    def command(self, sql: str) -> list[dict[str, str | None]]:
        """The rows that a command of the console answers, such as PAUSE, RESUME, RECONNECT or KILL."""
        return ask(self.admin_url, sql)

    def start(self) -> Self:
        """Start it on a free port; return when it takes connections."""
        account = server_account()  # it refuses to run as root, too
        self._folder = temporary("ferrow-bouncer-", account)
        try:
            for attempt in range(5):
                self._run(account)
                if self._answers():
                    return self
                if attempt == 4 or "ddress already in use" not in self.log:
                    raise RuntimeError(f"{self._program} did not start. Its log says:\n{self.log}")
        except BaseException:
            self.stop()
            raise
        raise AssertionError("unreachable")

    def stop(self) -> None:
        """End it and every connection through it."""
        if self._process is not None:
            self._process.kill()  # it has nothing to put in order, and what the gentler signals do depends on its version
            self._process.wait()
            self._process = None
        if self._watch is not None:
            self._watch.dismiss()
            self._watch = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _url(self, database: str) -> str:
        user, _, _ = self._server.netloc.rpartition("@")
        # Without the options of the server's URL: it speaks TLS to the server if that does, but not to clients.
        return self._server._replace(netloc=f"{user}@127.0.0.1:{self.port}", path=database, query="").geturl()

    def _run(self, account: Any) -> None:
        self.port = free_port()
        config, users = self._folder / "pgbouncer.ini", self._folder / "users.txt"
        users.write_text(f'"{self._user}" "{unquote(self._server.password or "")}"\n')
        settings = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(self.port),
            "unix_socket_dir": "",
            "auth_type": "scram-sha-256",
            "auth_file": str(users),
            "admin_users": self._user,
            **self._settings,
        }
        lines = [f"{name} = {value}" for name, value in settings.items()]
        server = f"* = host={self._server.hostname} port={self._server.port or 5432}"
        config.write_text("\n".join(["[databases]", server, "[pgbouncer]", *lines, ""]))
        for path in (config, users):
            path.chmod(0o600)
            account.own(path)
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._program), str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the test run
                **account.popen(),
            )
        self._watch = Watch(self._process.pid, self._folder)

    @property
    def _user(self) -> str:
        return unquote(self._server.username or "")

    def _answers(self) -> bool:
        """Wait until it takes connections; False if it has ended instead."""
        assert self._process is not None
        deadline = time.monotonic() + START_TIMEOUT
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return True
            except OSError:
                time.sleep(0.01)
        return False
