"""MySQL's own server, for the tests that are marked mariadb: `python -m tests.support.mysql [arguments of pytest]`.

It is fetched from Debian (a third of a gigabyte on the disk), started, named by FERROW_TEST_MARIADB_URL, and ended with the run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support import mariadb
from tests.support.mysqld import placed
from tests.support.packages import fetched_mysql

_ACCOUNT = """CREATE USER 'ferrow'@'%' IDENTIFIED BY 'ferrow';
GRANT ALL ON *.* TO 'ferrow'@'%' WITH GRANT OPTION;
"""


@contextmanager
def started() -> Iterator[str]:
    """The URL of a server; its data go with it."""
    root = fetched_mysql()
    with placed("MySQL", root) as place:
        first = place.folder / "account.sql"
        first.write_text(_ACCOUNT)
        place.account.own(first)
        command = [*place.command(root / "bin" / "mysqld"), "--secure-file-priv=NULL", "--disable-log-bin"]
        made = subprocess.run(
            [*command, "--initialize-insecure"],
            text=True,
            capture_output=True,
            check=False,
            cwd=place.folder,
            **place.account.popen(),
        )
        if made.returncode:
            raise RuntimeError(f"MySQL could not make its system tables: {made.stderr[-2000:]}")
        with place.listening([*command, f"--init-file={first}", "--mysqlx=OFF"]) as port:
            yield f"mysql://ferrow:ferrow@127.0.0.1:{port}/mysql"


def main() -> int:
    """Run the tests."""
    with started() as url:
        command = [sys.executable, "-m", "pytest", "-m", "mariadb", *(sys.argv[1:] or ["tests/shared"])]
        return subprocess.run(command, env=os.environ | {mariadb.VARIABLE: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
