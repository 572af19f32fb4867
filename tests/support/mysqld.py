"""A server of MariaDB or MySQL in a folder of its own, which is started, waited for, and ended with its data."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ferrow.testing.postgres.account import Account, server_account
from ferrow.testing.postgres.port import free_port
from tests.support.watch import Watch

_START = 60.0  # seconds


class Place:
    """Where a server of the programs below `root` keeps its data, and whose rights it runs with."""

    def __init__(self, name: str, root: Path, folder: Path) -> None:
        self.name = name
        self.root = root
        self.folder = folder
        self.account: Account = server_account()
        self.socket = folder / "socket"
        self.log = folder / "server.log"
        self.account.own(folder)

    def command(self, program: Path) -> list[str]:
        """The program with what it is told in any case."""
        share = self.root / "usr/share/mysql"
        return [
            str(program),
            "--no-defaults",
            f"--datadir={self.folder / 'data'}",
            f"--tmpdir={self.folder}",
            f"--lc-messages-dir={share}",
            f"--character-sets-dir={share / 'charsets'}",
            f"--plugin-dir={self.root / 'usr/lib/mysql/plugin'}",
            # What a test writes need not outlive the machine.
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=64M",
        ]

    @contextmanager
    def listening(self, command: list[str]) -> Iterator[int]:
        """The port of a running server."""
        server = watch = None
        try:
            for attempt in range(5):
                port = free_port()
                server = self._started(command, port)
                watch = Watch(server.pid, self.folder)
                if self._ready(server):
                    break
                said = self.log.read_text(errors="replace")
                if attempt == 4 or "Address already in use" not in said:
                    raise RuntimeError(f"{self.name} did not start: {said[-2000:]}")
                server.wait()
                watch.dismiss()
            yield port
        finally:
            if server is not None:
                server.kill()
                server.wait()
            if watch is not None:
                watch.dismiss()

    def _started(self, command: list[str], port: int) -> subprocess.Popen[bytes]:
        with self.log.open("w") as out:
            return subprocess.Popen(
                [
                    *command,
                    f"--socket={self.socket}",
                    f"--port={port}",
                    "--bind-address=127.0.0.1",
                    "--skip-name-resolve",
                    "--max-connections=500",
                ],
                stdout=out,
                stderr=out,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C is for the test run
                **self.account.popen(),
            )

    def _ready(self, server: subprocess.Popen[bytes]) -> bool:
        """Wait until it takes connections; False if it has ended instead, or takes too long."""
        end = time.monotonic() + _START
        while not (self.socket.exists() and "ready for connections" in self.log.read_text(errors="replace")):
            if server.poll() is not None or time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True


@contextmanager
def placed(name: str, root: Path) -> Iterator[Place]:
    """A new folder for a server, which goes with what is in it."""
    folder = Path(tempfile.mkdtemp(prefix=f"ferrow-{name.lower()}-"))
    try:
        yield Place(name, root, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
