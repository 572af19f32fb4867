"""Values that came back as something else from mini_orm (defects 15, 16, 18, 19 and 20), through repositories."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from ferrow.errors import DataError
from ferrow.repository import C
from tests.support import maybe

UTC = datetime.UTC


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Weight(enum.Enum):
    LIGHT = 10


@dataclass
class Parcel:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    level: Level = Level.LOW
    weight: Weight = Weight.LIGHT
    anything: Any = field(default=None, metadata={"codec": "json"})
    either: dict[str, Any] | list[Any] | None = None
    pair: tuple[int, ...] = ()
    tags: set[str] = field(default_factory=set)
    naive: datetime.datetime | None = None
    aware: datetime.datetime | None = field(default=None, metadata={"timezone": True})
    hour: datetime.time | None = None
    price: Decimal | None = None
    token: UUID | None = None
    amount: int | None = 5


@pytest.mark.parametrize(
    "values",
    [
        {"level": Level.HIGH, "weight": Weight.LIGHT},
        {"anything": "hello"},
        {"anything": "123"},
        {"anything": '{"a": 1}'},
        {"anything": ["1", 1, None, {"a": []}]},
        {"anything": 1.5},
        {"either": {"a": 1}, "pair": (1, 2), "tags": {"a", "b"}},
        {"either": [1, "2"], "amount": None},
        {"naive": datetime.datetime(2024, 2, 29, 1, 2, 3, 4), "hour": datetime.time(23, 59, 59, 999999)},
        {"aware": datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=5)))},
        {"price": Decimal("1.10"), "token": UUID(int=1)},
    ],
    ids=str,
)
async def test_what_is_stored_is_what_is_read(bare: Any, values: dict[str, Any]) -> None:
    repo = bare.repo(Parcel, auto_schema=True)
    stored = await maybe(repo.insert(Parcel(**values)))
    found = await maybe(repo.get(stored.id))
    assert found == stored
    for key, value in values.items():
        assert type(getattr(found, key)) is type(value)
    if "aware" in values:
        assert found.aware.utcoffset() == datetime.timedelta(0)
        assert [one.id for one in await maybe(repo.list(where=C.eq("aware", values["aware"])))] == [stored.id]


async def test_a_zone_is_never_lost(bare: Any) -> None:
    """Defect 18: on PostgreSQL the zone was dropped, and the instant was another one."""
    repo = bare.repo(Parcel, auto_schema=True)
    with pytest.raises(DataError, match="naive"):
        await maybe(repo.insert(Parcel(naive=datetime.datetime(2024, 1, 1, tzinfo=UTC))))
    with pytest.raises(DataError, match="aware"):
        await maybe(repo.insert(Parcel(aware=datetime.datetime(2024, 1, 1))))
    assert await maybe(repo.count()) == 0
