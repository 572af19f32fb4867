"""Whose rights the server runs with: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ferrow.testing.postgres.error import EmbeddedPostgresError

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of this machine; `switch` is true if processes must be started as that user rather than as us."""

    name: str
    uid: int
    gid: int
    switch: bool

    def popen(self) -> Mapping[str, Any]:
        """The arguments of `subprocess.Popen` that start a program as this user."""
        groups: Sequence[int] = ()
        return {"user": self.uid, "group": self.gid, "extra_groups": groups} if self.switch else {}

    def own(self, path: Path) -> None:
        """Give `path` to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether this user may pass through every existing folder on the way to `path`."""
        for folder in path.resolve().parents:
            if not folder.exists():
                continue
            status = folder.stat()
            if status.st_uid == self.uid:
                needed = stat.S_IXUSR
            else:
                needed = stat.S_IXGRP if status.st_gid == self.gid else stat.S_IXOTH
            if not status.st_mode & needed:
                return False
        return True


def server_account() -> Account:
    """The user the server runs as: ourselves, or an unprivileged one when we are root."""
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), switch=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, switch=True)
    raise EmbeddedPostgresError(
        f"PostgreSQL does not run as root, and this machine has none of the users {', '.join(CANDIDATES)}: "
        "create one, or run as another user"
    )
