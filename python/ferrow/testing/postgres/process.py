"""One run of the server: start, wait until it answers, stop."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

from ferrow.testing.postgres.account import Account
from ferrow.testing.postgres.binaries import Installation
from ferrow.testing.postgres.cluster import ENVIRONMENT
from ferrow.testing.postgres.error import EmbeddedPostgresError
from ferrow.testing.postgres.guard import Guard
from ferrow.testing.postgres.places import Layout
from ferrow.testing.postgres.settings import as_options

START_TIMEOUT = 60.0
STOPS = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""Fast, immediate, kill (PostgreSQL manual, "Shutting Down the Server"), and the seconds each is given."""


class PortTaken(EmbeddedPostgresError):
    """Somebody took the port between its choice and its use."""


class ServerProcess:
    """A running server. `temporary` folders are removed for it if we are killed."""

    def __init__(
        self, layout: Layout, found: Installation, account: Account, settings: dict[str, str], temporary: list[Path]
    ) -> None:
        self._layout = layout
        command = [str(found.program("postgres")), "-D", str(layout.data), *as_options(settings)]
        with layout.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,  # Ctrl-C is for us; we stop the server when we are done with it
                **account.popen(),
            )
        self._guard = Guard(self._process.pid, layout.data, temporary)
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._process.pid

    def stop(self, *, immediate: bool = False) -> None:
        """Stop the server: disconnect everybody and shut down, or (immediate) without a checkpoint, as in a crash."""
        for number, seconds in STOPS[1:] if immediate else STOPS:
            if self._process.poll() is not None:
                break
            self._process.send_signal(number)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self._guard.dismiss()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not self._ready():
            if self._process.poll() is not None:
                log = self._log()
                taken = "Address already in use" in log
                raise (PortTaken if taken else EmbeddedPostgresError)(f"PostgreSQL did not start. Its log says:\n{log}")
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"PostgreSQL was not ready after {START_TIMEOUT:.0f} seconds. Its log says:\n{self._log()}"
                )
            time.sleep(0.01)

    def _ready(self) -> bool:
        """The eighth line of `postmaster.pid` is the server's state: what `pg_ctl --wait` looks at, too."""
        try:
            lines = (self._layout.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0].strip() == str(self.pid) and lines[7].strip() == "ready"

    def _log(self) -> str:
        """What this run has logged, at most the last 20 lines."""
        with self._layout.log.open("rb") as file:
            file.seek(self._log_start)
            return "\n".join(file.read().decode(errors="replace").splitlines()[-20:])
