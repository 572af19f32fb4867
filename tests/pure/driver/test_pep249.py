"""Type objects, constructors and what a description makes of a type modifier."""

from __future__ import annotations

import time
from datetime import date, datetime
from datetime import time as time_of_day
from types import SimpleNamespace
from typing import Any

import pytest

from ferrow import driver, errors
from ferrow.driver.description import described


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (driver.STRING, [25, 1043, 1042, 18, 19, 142, 869, 650, 829, 774, 790, 1560, 1562, 3614, 3615]),
        (driver.BINARY, [17]),
        (driver.NUMBER, [20, 21, 23, 700, 701, 1700]),
        (driver.DATETIME, [1082, 1083, 1114, 1184, 1266, 1186]),
        (driver.ROWID, [26, 27]),
    ],
)
def test_type_objects_equal_their_codes(kind: Any, codes: list[int]) -> None:
    others = [
        each
        for each in (driver.STRING, driver.BINARY, driver.NUMBER, driver.DATETIME, driver.ROWID)
        if each is not kind
    ]
    for code in codes:
        assert code == kind
        assert kind == code
        assert (kind != code) is False
        assert code in kind
        assert all(code != other for other in others)
    assert kind != 16
    assert kind != None  # noqa: E711  # what a column of SQLite without a declared type has
    assert kind == kind
    assert {kind: 1}[kind] == 1
    assert all(kind != other for other in others)


def test_constructors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert driver.Date(2002, 12, 25) == date(2002, 12, 25)
    assert driver.Time(13, 45, 30) == time_of_day(13, 45, 30)
    assert driver.Timestamp(2002, 12, 25, 13, 45, 30) == datetime(2002, 12, 25, 13, 45, 30)
    for zone in ("UTC", "America/Los_Angeles", "Pacific/Auckland"):  # local times, wherever that is
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        ticks = time.mktime((2002, 12, 25, 23, 45, 30, 0, 0, -1))
        assert driver.DateFromTicks(ticks) == date(2002, 12, 25)
        assert driver.TimeFromTicks(ticks) == time_of_day(23, 45, 30)
        assert driver.TimestampFromTicks(ticks) == datetime(2002, 12, 25, 23, 45, 30)
    monkeypatch.undo()
    time.tzset()
    assert driver.Binary(b"a") == driver.Binary(bytearray(b"a")) == driver.Binary(memoryview(b"a")) == b"a"
    for wrong in ("a", 5, [1]):
        with pytest.raises(TypeError):
            driver.Binary(wrong)  # type: ignore[arg-type]


def test_exceptions_are_attributes_of_connections() -> None:
    names = "Warning Error InterfaceError DatabaseError DataError OperationalError IntegrityError InternalError ProgrammingError NotSupportedError"
    for name in names.split():
        for cls in (driver.Connection, driver.AsyncConnection):
            assert getattr(cls, name) is getattr(errors, name) is getattr(driver, name)


@pytest.mark.parametrize(
    ("code", "modifier", "size", "precision", "scale"),
    [
        (1043, 24, 20, None, None),  # varchar(20)
        (1042, 5, 1, None, None),  # char(1)
        (1560, 3, 3, None, None),  # bit(3)
        (1562, 8, 8, None, None),  # bit varying(8)
        (1700, ((10 << 16) | 2) + 4, None, 10, 2),  # numeric(10, 2)
        (1700, ((2 << 16) | (-3 & 0x7FF)) + 4, None, 2, -3),  # numeric(2, -3)
        (1700, -1, None, None, None),
        (1114, 3, None, 3, None),  # timestamp(3)
        (1186, 0x7FFFFFFF, None, None, None),  # interval: 0x7FFF for the fields, 0xFFFF for full precision
        (1186, (0x7FFF << 16) | 3, None, 3, None),  # interval(3)
        (25, -1, None, None, None),
        (23, 7, None, None, None),
    ],
)
def test_description_reads_the_type_modifier(code: int, modifier: int, size: Any, precision: Any, scale: Any) -> None:
    result: Any = SimpleNamespace(returns_rows=True, columns=("a",), type_codes=(code,), type_modifiers=(modifier,))
    assert described(result) == (("a", code, size, size, precision, scale, None),)
