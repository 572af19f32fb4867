"""Which databases the shared tests run on, and what happens when one of them is missing."""

from __future__ import annotations

import os

import pytest

from tests.support import mariadb, postgres

BACKENDS = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
MISSING = (
    "postgresql is MISSING: its tests are not run. Install the extra ferrow[embedded] (make build), "
    f"or set {postgres.VARIABLE}"
)
MISSING_MARIADB = (
    "mariadb is MISSING: its tests are not run. Install mariadb-server-core, let apt fetch it, "
    f"or set {mariadb.VARIABLE}"
)


def on_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def header() -> str:
    """The line of pytest's header. On CI a missing database is an error."""
    found = postgres.describe()
    if found is None and on_ci():
        raise pytest.UsageError(MISSING)
    third = mariadb.describe()
    if third is None and on_ci():
        raise pytest.UsageError(MISSING_MARIADB)
    return f"databases: sqlite, {found or MISSING}, {third or MISSING_MARIADB}"


def require_postgres() -> None:
    """Called by every fixture that needs the server."""
    if postgres.describe() is None:
        pytest.skip(MISSING)


def require_mariadb() -> None:
    """Called by every fixture that needs that server."""
    if mariadb.describe() is None:
        pytest.skip(MISSING_MARIADB)
