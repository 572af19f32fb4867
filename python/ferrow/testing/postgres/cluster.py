"""A new data directory: `initdb`, a password, a database."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from ferrow.testing.postgres.account import Account
from ferrow.testing.postgres.binaries import Installation
from ferrow.testing.postgres.error import EmbeddedPostgresError
from ferrow.testing.postgres.places import Layout
from ferrow.testing.postgres.settings import locale_options

USER = DATABASE = "ferrow"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""Nothing of ours: a PGDATA or PGPORT of the caller must not reach the server."""


def major_of(data: Path) -> int | None:
    """The PostgreSQL version that wrote a data directory; None if there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def create(layout: Layout, found: Installation, account: Account, *, durable: bool) -> None:
    """Initialise `layout.data`; it appears whole or not at all."""
    building = layout.data.with_name("data.new")
    shutil.rmtree(building, ignore_errors=True)
    _write_password(layout.password, account)
    sync = [] if durable else ["--no-sync"]
    command = [str(found.program("initdb")), "-D", str(building), "-U", USER, f"--pwfile={layout.password}"]
    _run([*command, "--auth=scram-sha-256", *locale_options(found.major), *sync], account)
    single = [str(found.program("postgres")), "--single", "-D", str(building), "postgres"]
    _run(single, account, f"CREATE DATABASE {DATABASE}\n")
    building.rename(layout.data)


def _write_password(path: Path, account: Account) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(24))
    account.own(path)


def _run(command: list[str], account: Account, text: str = "") -> None:
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, cwd="/", env=ENVIRONMENT, check=False, **account.popen()
    )
    # A server in single-user mode reports an error and still exits with 0.
    if done.returncode or "ERROR:" in done.stderr:
        raise EmbeddedPostgresError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
