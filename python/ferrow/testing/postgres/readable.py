"""A copy of the programs that the server's user may read, for when the virtual environment is in a private folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ferrow.testing.postgres.account import Account
from ferrow.testing.postgres.binaries import Installation
from ferrow.testing.postgres.error import EmbeddedPostgresError
from ferrow.testing.postgres.places import shared_home


def readable(found: Installation, account: Account) -> Installation:
    """`found` itself if `account` can run it, else a copy in a place that everybody can read."""
    if not account.switch or _runs(found, account):
        return found
    home = shared_home(account) / f"server-{found.wheel_version}-{found.major}"
    package = home / found.root.parent.name
    copy = Installation(found.major, package / found.root.name, found.wheel_version)
    if not home.exists():
        _copy(found, home)
    # Its programs will be run: nobody but us may have been able to put them there.
    status = home.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise EmbeddedPostgresError(f"{home} belongs to somebody else or can be written by others: remove it")
    if not _runs(copy, account):
        raise EmbeddedPostgresError(f"{copy.program('postgres')} cannot be run by the user {account.name}")
    return copy


def _runs(found: Installation, account: Account) -> bool:
    command = [str(found.program("postgres")), "--version"]
    try:
        return subprocess.run(command, capture_output=True, cwd="/", check=False, **account.popen()).returncode == 0
    except OSError:
        return False


def _copy(found: Installation, home: Path) -> None:
    """Copy the programs and the libraries beside them, keeping their places: they find each other by relative paths."""
    package = found.root.parent
    beside = [package.parent / f"{package.name}.libs", package / ".dylibs"]  # Linux, macOS
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=home.parent))
    for folder in [found.root, *(folder for folder in beside if folder.exists())]:
        target = building / folder.relative_to(package.parent)
        shutil.copytree(folder, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    for path in [building, *building.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        building.rename(home)
    except OSError:
        shutil.rmtree(building)
        if not home.exists():  # otherwise another process was faster
            raise
