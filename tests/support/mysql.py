"""MySQL's own server, for the tests that are marked mariadb: `python -m tests.support.mysql [arguments of pytest]`.

It is fetched from Debian (a third of a gigabyte on the disk), started, named by FERROW_TEST_MARIADB_URL, and ended with the run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ferrow.testing.postgres.account import server_account
from ferrow.testing.postgres.port import free_port
from tests.support import mariadb, maybe
from tests.support.packages import fetched_mysql
from tests.support.watch import Watch

_START = 60.0  # seconds
_ACCOUNT = """CREATE USER 'ferrow'@'%' IDENTIFIED BY 'ferrow';
GRANT ALL ON *.* TO 'ferrow'@'%' WITH GRANT OPTION;
"""


async def on_mariadb(engine: Any) -> bool:
    """Whether the server of the tests that are marked mariadb is MariaDB."""
    ((version,),) = await maybe(engine.query("SELECT VERSION()"))
    return "mariadb" in version.lower()


@contextmanager
def started() -> Iterator[str]:
    """The URL of a server; its data go with it."""
    root = fetched_mysql()
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="ferrow-mysql-"))
    account.own(folder)
    share = root / "usr/share/mysql"
    port = free_port()
    first = folder / "account.sql"
    first.write_text(_ACCOUNT)
    account.own(first)
    common = [
        str(root / "bin" / "mysqld"),
        "--no-defaults",
        f"--datadir={folder / 'data'}",
        f"--tmpdir={folder}",
        f"--lc-messages-dir={share}",
        f"--character-sets-dir={share / 'charsets'}",
        f"--plugin-dir={root / 'usr/lib/mysql/plugin'}",
        "--secure-file-priv=NULL",
        "--disable-log-bin",
        # What a test writes need not outlive the machine.
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=64M",
    ]
    listening = [
        f"--socket={folder / 'socket'}",
        f"--port={port}",
        f"--init-file={first}",
        "--bind-address=127.0.0.1",
        "--mysqlx=OFF",
        "--skip-name-resolve",
        "--max-connections=500",
    ]
    log = folder / "server.log"
    server = watch = None
    try:
        with log.open("w") as out:
            made = [*common, "--initialize-insecure"]
            subprocess.run(made, stdout=out, stderr=out, cwd=folder, check=False, **account.popen())
            server = subprocess.Popen(
                [*common, *listening],
                stdout=out,
                stderr=out,
                cwd=folder,
                start_new_session=True,  # Ctrl-C is for the test run
                **account.popen(),
            )
        watch = Watch(server.pid, folder)
        end = time.monotonic() + _START
        while "ready for connections" not in log.read_text(errors="replace"):
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"MySQL did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield f"mysql://ferrow:ferrow@127.0.0.1:{port}/mysql"
    finally:
        if server is not None:
            server.kill()
            server.wait()
        if watch is not None:
            watch.dismiss()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the tests."""
    with started() as url:
        command = [sys.executable, "-m", "pytest", "-m", "mariadb", *(sys.argv[1:] or ["tests/shared"])]
        return subprocess.run(command, env=os.environ | {mariadb.VARIABLE: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
