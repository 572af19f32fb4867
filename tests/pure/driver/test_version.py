"""Versions as numbers."""

from __future__ import annotations

import pytest

from ferrow._core import SQLITE_VERSION
from ferrow.driver.version import version_number


@pytest.mark.parametrize(
    ("dialect", "version", "number"),
    [
        ("postgresql", "16.4 (Debian 16.4-1.pgdg120+1)", 160004),
        ("postgresql", "18.0", 180000),
        ("postgresql", "17beta1", 170000),
        ("postgresql", "19devel", 190000),
        ("postgresql", "10.23", 100023),
        ("postgresql", "9.6.24", 90624),
        ("postgresql", "", 0),
        ("postgresql", "pooler", 0),
        ("sqlite", "3.50.2", 3050002),
        ("sqlite", "3.9", 3009000),
        ("mysql", "10.11.14-MariaDB-0+deb12u2", 101114),
        ("mysql", "8.4.3", 80403),
    ],
)
def test_numbers(dialect: str, version: str, number: int) -> None:
    assert version_number(dialect, version) == number


def test_the_bundled_library() -> None:
    import sqlite3

    assert version_number("sqlite", sqlite3.sqlite_version) == sqlite3.sqlite_version_info[0] * 1_000_000 + (
        sqlite3.sqlite_version_info[1] * 1000 + sqlite3.sqlite_version_info[2]
    )
    assert version_number("sqlite", SQLITE_VERSION) > 3_000_000
