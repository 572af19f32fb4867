"""A value of every type and None go through a model and come back the same. A new type is a line in VALUES."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from ferrow.errors import DataError
from tests.support import maybe
from tests.support.models import SAMPLE_KEYS

KATHMANDU = timezone(timedelta(hours=5, minutes=45))

VALUES: dict[str, list[Any]] = {
    "flag": [True, False],
    "whole": [0, -1, 2**31 - 1, -(2**31)],
    "real": [0.0, -1.5, 1e300, 5e-324, 0.1, float("inf"), float("-inf")],
    "text": ["", "x", 'O\'Brien "quoted" \\ % _ $1 ?', "žluťoučký 🐎 \u202e", "a\nb\tc", "x" * 100_000],
    "raw": [b"", b"\x00\xff", bytes(range(256))],
    "day": [date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31)],
    "clock": [time(0, 0), time(23, 59, 59, 999_999), time(12, 30)],
    "moment": [datetime(1, 1, 1), datetime(2024, 2, 29, 12, 30, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)],
    "instant": [
        datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
        datetime(2024, 2, 29, 12, 30, 0, 1, tzinfo=KATHMANDU),
        datetime(1900, 1, 1, tzinfo=UTC),
    ],
    "token": [UUID(int=0), UUID(int=2**128 - 1), UUID("12345678-1234-5678-1234-567812345678")],
    "amount": [
        Decimal("1.10"),
        Decimal("0"),
        Decimal("-0.001"),
        Decimal("12345678901234567890.123456789012345678901234567890"),
        Decimal("100"),
        Decimal("0.00"),
    ],
    "document": [{}, {"large": [1e23, 1e300]}, {"a": 1, "b": [1, 2.5, None, True], "c": {"d": "é"}}, {"": "x'y\"z"}],
    "entries": [[], [1, "a", None, {"b": [False]}], [[[]]]],
    "tags": [[], ["a", "", None, '"\\ü'], ["a"] * 1000],
    "marks": [[], [True, None, False]],
}
CASES = [(key, value) for key, values in VALUES.items() for value in [*values, None]]
IDS = [f"{key}-{str(value)[:20]!r}" for key, value in CASES]


@pytest.fixture
def values(backend: str) -> dict[str, list[Any]]:
    """The values that a database has: MariaDB's floats are finite, and it does not know how many places were written."""
    if backend != "mariadb":
        return VALUES
    return VALUES | {
        "real": [value for value in VALUES["real"] if math.isfinite(value)],
        "amount": [
            Decimal("1.1"),
            Decimal(0),
            Decimal("-0.001"),
            Decimal("12345678901234567890.12345678901234567890123456789"),
            Decimal(100),
        ],
    }


@pytest.fixture
def cases(values: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    return [(key, value) for key, some in values.items() for value in [*some, None]]


def same(found: Any, value: Any) -> bool:
    """Equal, of the same type, and written the same way: Decimal("1.10") is not Decimal("1.1")."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return bool(found == value and found.tzinfo is not None)
    return type(found) is type(value) and found == value and str(found) == str(value)


def test_every_column_has_values() -> None:
    assert tuple(VALUES) == SAMPLE_KEYS


async def test_insert_and_get(session: Any, models: ModuleType, cases: list[tuple[str, Any]]) -> None:
    for key, value in cases:
        sample = await maybe(session.insert(models.Sample(**{key: value})))

        found = await maybe(session.get(models.Sample, sample.id))

        assert same(getattr(found, key), value), key
        assert all(getattr(found, other) is None for other in SAMPLE_KEYS if other != key)


async def test_insert_all_with_everything_at_once(
    session: Any, models: ModuleType, values: dict[str, list[Any]]
) -> None:
    longest = max(map(len, values.values()))
    rows = [{key: [*some, *[None] * longest][n] for key, some in values.items()} for n in range(longest + 1)]
    samples = await maybe(session.insert_all([models.Sample(**row) for row in rows]))

    found = await maybe(session.query(models.Sample).order_by("id").all())

    assert [sample.id for sample in found] == [sample.id for sample in samples]
    for sample, row in zip(found, rows, strict=True):
        for key, value in row.items():
            assert same(getattr(sample, key), value), key


async def test_update(session: Any, models: ModuleType, cases: list[tuple[str, Any]]) -> None:
    sample = await maybe(session.insert(models.Sample()))
    for key, value in cases:
        await maybe(session.update(sample, **{key: value}))

        assert same(getattr(await maybe(session.get(models.Sample, sample.id)), key), value), key

        assert await maybe(session.query(models.Sample).update(**{key: None})) == 1
        assert await maybe(session.query(models.Sample).update(**{key: value})) == 1
        assert same((await maybe(session.query(models.Sample).values_list(key)))[0][0], value), key


async def test_filter_by_value(session: Any, models: ModuleType, values: dict[str, list[Any]]) -> None:
    query = session.query(models.Sample)
    for key, some in values.items():
        for value in some:
            await maybe(session.insert(models.Sample(**{key: value})))
    for key, some in values.items():
        for value in some:
            found = await maybe(query.filter(**{key: value}).all())

            equal = [other for other in some if other == value]  # Decimal("0") and Decimal("0.00")
            assert len(found) == len(equal), (key, value)
            assert any(same(getattr(sample, key), value) for sample in found)


async def test_filter_by_list_and_order(session: Any, models: ModuleType, values: dict[str, list[Any]]) -> None:
    query = session.query(models.Sample)
    for key, some in values.items():
        if key in ("document", "entries", "tags", "marks"):
            continue
        await maybe(query.delete())
        await maybe(session.insert_all([models.Sample(**{key: value}) for value in [*some, None]]))

        found = await maybe(query.filter(**{f"{key}__in": some}).order_by(key).values_list(key, flat=True))

        if key == "text":
            assert sorted(found) == sorted(some)  # the order of texts is the collation's
        else:
            assert found == sorted(some), key
            assert await maybe(query.min(key)) == min(some)
            assert await maybe(query.max(key)) == max(some)
            assert await maybe(query.filter(**{f"{key}__gte": max(some)}).count()) == some.count(max(some))
        assert await maybe(query.filter(**{f"{key}__in": [some[0], None]}).count()) == 1 + some.count(some[0])
        assert await maybe(query.filter(**{f"{key}__notin": some}).count()) == 0


WRONG: list[tuple[str, Any]] = [
    ("flag", 1),
    ("flag", "yes"),
    ("whole", "1"),
    ("whole", 1.5),
    ("whole", True),
    ("whole", 2**70),
    ("real", "1.5"),
    ("text", b"x"),
    ("text", ["x"]),
    ("raw", "x"),
    ("day", datetime(2020, 1, 1, 12)),
    ("clock", time(12, tzinfo=UTC)),
    ("moment", datetime(2020, 1, 1, tzinfo=UTC)),
    ("instant", datetime(2020, 1, 1)),
    ("token", 5),
    ("amount", "many"),
    ("document", {"a": object()}),
]


@pytest.mark.parametrize("style", ["declarative", "dataclass"])  # Pydantic refuses most of these itself
async def test_wrong_values_name_the_column(session: Any, models: ModuleType) -> None:
    for key, value in WRONG:
        with pytest.raises(DataError, match=rf"Sample\.{key}"):
            await maybe(session.insert(models.Sample(**{key: value})))
    assert await maybe(session.query(models.Sample).count()) == 0


@pytest.mark.parametrize("style", ["declarative", "dataclass"])  # Pydantic refuses them itself
async def test_both_databases_take_the_same_neighbouring_types(session: Any, models: ModuleType) -> None:
    token = UUID(int=5)
    for key, value, stored in [
        ("text", 3, "3"),
        ("text", token, str(token)),
        ("text", Decimal("1.10"), "1.10"),
        ("amount", 3, Decimal(3)),
        ("amount", 0.1, Decimal("0.1")),
        ("real", 3, 3.0),
        ("real", Decimal("0.5"), 0.5),
    ]:
        sample = await maybe(session.insert(models.Sample(**{key: value})))
        found = getattr(await maybe(session.get(models.Sample, sample.id)), key)
        assert (type(found), found) == (type(stored), stored)
