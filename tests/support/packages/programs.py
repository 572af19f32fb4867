"""Where the programs are: the machine's own first, unless FERROW_TEST_FETCH asks for fetched ones."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ferrow.testing.postgres.binaries import Installation
from tests.support.packages.apt import Apt
from tests.support.packages.unpacked import starter, unpacked

VARIABLE = "FERROW_TEST_FETCH"
MARIADB = Path("usr/sbin/mariadbd")
MYSQL = Path("usr/sbin/mysqld")
UNSTABLE = "sid"
NEWER = "trixie"
"""A release of Debian whose PgBouncer (1.24) knows prepared statements in transaction mode."""


def distribution_postgres() -> Installation:
    """PostgreSQL with its contrib modules and libxml, as distributions build it. Raises Missing."""
    found = [] if fetches() else with_contrib(Path("/"))
    if not found:
        root = unpacked("postgresql", package=Apt.postgresql)
        for installed in with_contrib(root):
            for program in ("initdb", "postgres"):
                starter(root, installed.program(program))
            found.append(Installation(installed.major, root, installed.wheel_version))
    return max(found, key=lambda installation: installation.major)


def distribution_pgbouncer() -> Path:
    """The PgBouncer of this machine's distribution. Raises Missing."""
    program = None if fetches() else shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    return Path(program) if program else fetched_pgbouncer(None)


def newer_pgbouncer() -> Path:
    """PgBouncer 1.24 or newer, with the C library that it was built for. Raises Missing."""
    return fetched_pgbouncer(NEWER)


def fetches() -> bool:
    return os.environ.get(VARIABLE, "") not in ("", "0")


def fetched_pgbouncer(release: str | None) -> Path:
    root = unpacked("pgbouncer", release=release)
    return starter(root, root / "usr" / "sbin" / "pgbouncer")


def with_contrib(root: Path) -> list[Installation]:
    """The servers under `root`, as Debian and its relatives lay them out."""
    return [
        Installation(int(folder.name), folder, "distribution")
        for folder in (root / "usr/lib/postgresql").glob("[0-9]*")
        if (folder / "bin" / "initdb").exists()
        and (root / "usr/share/postgresql" / folder.name / "extension" / "hstore.control").exists()
    ]


def distribution_mariadb() -> Path:
    """The root of MariaDB's server as the distribution builds it: `usr/sbin/mariadbd` and `usr/share/mysql`. Raises Missing."""
    if not fetches() and (Path("/") / MARIADB).exists() and Path("/usr/share/mysql/mysql_system_tables.sql").exists():
        return Path("/")
    root = unpacked("mariadb-server-core")
    starter(root, root / MARIADB)
    return root


def fetched_mysql() -> Path:
    """The root of MySQL's own server, with `bin/mysqld`, from the release of Debian that has it. Raises Missing."""
    root = unpacked("mysql-server-core", release=UNSTABLE)
    starter(root, root / MYSQL)
    return root
