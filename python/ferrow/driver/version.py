"""Versions of servers as numbers that compare."""

from __future__ import annotations

import re


def version_number(dialect: str, version: str) -> int:
    """What a server calls its version as one number, which grows with each release.

    PostgreSQL: as its `server_version_num`, 160004 for "16.4 (Debian 16.4-1)", 170000 for "17beta1", 90624 for "9.6.24".
    SQLite: as SQLITE_VERSION_NUMBER, 3050002 for "3.50.2". MariaDB and MySQL: 101114 for "10.11.14-MariaDB",
    80403 for "8.4.3". 0 for what begins with no number.
    """
    found = re.match(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?", version)
    if found is None:
        return 0
    major, minor, patch = (int(part or 0) for part in found.groups())
    if dialect == "sqlite":
        return major * 1_000_000 + minor * 1000 + patch
    # Since PostgreSQL 10 the first number alone is the major version.
    return major * 10_000 + minor if major >= 10 and dialect == "postgresql" else major * 10_000 + minor * 100 + patch
