"""What the figures were measured with. Not on which machine by name."""

from __future__ import annotations

import os
import platform
from importlib import metadata

PACKAGES = ("ferrow", "asyncpg", "psycopg", "psycopg-binary", "SQLAlchemy", "aiosqlite", "uvloop", "pydantic")


def describe(rounds: int) -> dict[str, str]:
    from ferrow import _core

    found = {
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "rounds": str(rounds),
        "SQLite of Ferrow": getattr(_core, "SQLITE_VERSION", "?"),
    }
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def render(about: dict[str, str]) -> str:
    listed = ", ".join(f"{name} {value}" for name, value in about.items())
    return f"# Benchmark\n\n{listed}\n"
