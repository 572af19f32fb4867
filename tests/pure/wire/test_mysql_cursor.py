"""Rows of MariaDB and MySQL that are read one by one, of a server that has any number of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ferrow._core import Shape
from ferrow.wire.drive import drive
from ferrow.wire.mysql.cursor import MysqlCursor


class Endless:
    """A wire with rows as long as nobody keeps them."""

    closed = False

    def __init__(self) -> None:
        self.cursor: Any = None
        self.left = 100
        self.kept: list[int] = []

    async def next_row(self, *_: Any) -> Any:
        self.kept.append(len(self.cursor._kept))
        self.left -= 1
        return (1,) if self.left >= 0 else None

    def read(self, cursor: Any) -> None:
        assert cursor is self.cursor


def test_what_is_not_wanted_any_more_is_not_kept() -> None:
    wire = Endless()
    given: Any = wire
    wire.cursor = cursor = MysqlCursor(given, "SELECT n", SimpleNamespace(field_count=0), Shape.tuples(), None)
    cursor.reading = True
    drive(cursor.close())
    assert not cursor.reading
    assert max(wire.kept) == 0
    assert len(wire.kept) == 101
