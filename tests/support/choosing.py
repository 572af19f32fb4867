"""Which of the tests in several styles and colours run on MariaDB: one of each, another style and colour from test to test.

What styles and colours differ in is known from the other databases.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.colours import COLOURS
from tests.support.models import STYLES

BOTH_COLOURS = {
    "test_deadlock",
    "test_engine",
    "test_borrowed_bulk",
    "test_borrowed_cursors",
    "test_lost_on_mariadb",
    "test_many_rows_at_once",
    "test_mysql_altered",
    "test_mysql_modes",
    "test_mysql_server",
    "test_mysql_several",
    "test_mysql_together",
    "test_stream",
    "test_transactions",
    "test_transactions_of_tasks",
}
"""The files where the colour matters: what the two drivers do each in their own way."""

WHOLE = {"test_cross_product"}
"""Files that are about the combinations themselves."""


def left_out(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests that are not run."""
    groups: dict[Any, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("mariadb") is None or not {"shared", "docs"}.intersection(item.path.parts):
            continue
        if item.path.stem in WHOLE:
            continue
        varied = STYLES if item.path.stem in BOTH_COLOURS else (*STYLES, *COLOURS)
        rest = tuple([part for part in item.name.partition("[")[2].rstrip("]").split("-") if part not in varied])
        groups.setdefault((item.path, getattr(item, "originalname", item.name), rest), []).append(item)
    left = []
    for (path, *name), members in groups.items():
        chosen = zlib.crc32(repr((path.name, name)).encode()) % len(members)
        left += [one for place, one in enumerate(members) if place != chosen]
    return left
