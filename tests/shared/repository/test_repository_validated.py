"""ValidatedModel with repositories: rows that are read are checked, and so is what is written."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import pytest

from ferrow.repository import C, ValidatedModel, ValidationError
from tests.support import maybe

TOKEN = UUID(int=7)


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


class Level(enum.IntEnum):
    LOW = 1


@dataclass
class Everything(ValidatedModel):
    """A field of each type that a row can have."""

    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = field(default="x", metadata={"non_empty": True, "max_len": 10, "max_length": 10})
    age: int = field(default=0, metadata={"ge": 0, "le": 130})
    active: bool = True
    ratio: float = 1.0
    price: Decimal = field(default=Decimal("1.50"), metadata={"ge": 0, "precision": 10, "scale": 2})
    raw: bytes = b"\x00"
    at: datetime.datetime = datetime.datetime(2024, 2, 29, 12, 30)
    moment: datetime.datetime = field(
        default=datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC), metadata={"timezone": True}
    )
    day: datetime.date = datetime.date(2024, 2, 29)
    hour: datetime.time = datetime.time(12, 30)
    token: UUID = TOKEN
    mood: Mood = Mood.GOOD
    level: Level = Level.LOW
    word: Literal["a", "b"] = "a"
    document: dict[str, Any] = field(default_factory=lambda: {"a": [1, None]})
    names: list[str] = field(default_factory=lambda: ["a"])
    pair: tuple[int, str] = (1, "a")
    tags: set[str] = field(default_factory=lambda: {"a"})
    nothing: int | None = None

    def model_validate(self) -> None:
        if self.name == "none" and self.active:
            raise ValidationError("none is never active")


async def test_rows_of_every_type_pass(bare: Any) -> None:
    """Defect 17: a bool or a datetime could not be read from SQLite."""
    repo = bare.repo(Everything, auto_schema=True)
    stored = await maybe(repo.insert(Everything()))
    assert await maybe(repo.get(stored.id)) == stored
    assert await maybe(repo.list()) == [stored]


async def test_changes_are_checked_before_they_are_sent(bare: Any) -> None:
    """Defect 41: afterwards no row of the table could be read."""
    repo = bare.repo(Everything, auto_schema=True)
    stored = await maybe(repo.insert(Everything()))
    stored.age = -1
    with pytest.raises(ValidationError, match="'age' must satisfy >= 0"):
        await maybe(repo.update(stored))
    with pytest.raises(ValidationError) as caught:
        await maybe(repo.update_where({"age": 131, "name": " ", "mood": "angry"}, where=C.is_not_null("id")))
    assert caught.value.fields == ["age", "name", "mood"]
    assert [one.age for one in await maybe(repo.list())] == [0]
    assert await maybe(repo.update_where({"age": 3, "mood": "bad"}, where=C.is_not_null("id"))) == 1
    assert [(one.age, one.mood) for one in await maybe(repo.list())] == [(3, Mood.BAD)]


async def test_a_row_that_is_not_valid_says_so_when_it_is_read(bare: Any) -> None:
    repo = bare.repo(Everything, auto_schema=True)
    await maybe(repo.insert(Everything()))
    await maybe(bare.engine.execute("UPDATE everything SET age = 200"))
    with pytest.raises(ValidationError, match=r"Field 'age' must satisfy <= 130\. It is 200\."):
        await maybe(repo.list())
    await maybe(bare.engine.execute("UPDATE everything SET age = 20, name = 'none'"))
    with pytest.raises(ValidationError, match="none is never active"):
        await maybe(repo.list())


async def test_get_or_create_checks_before_it_inserts(bare: Any) -> None:
    @dataclass
    class Account(ValidatedModel):
        id: int | None = field(default=None, metadata={"pk": True, "auto": True})
        email: str = field(default="", metadata={"unique_index": True, "pattern": "[^@]+@[^@]+"})

    repo = bare.repo(Account, auto_schema=True)
    with pytest.raises(ValidationError, match="must match pattern"):
        await maybe(repo.get_or_create(lookup={"email": "nobody"}))
    assert await maybe(repo.count()) == 0


async def test_what_was_changed_since_it_was_made_is_checked_before_it_is_inserted(bare: Any) -> None:
    repo = bare.repo(Everything, auto_schema=True)
    wrong = Everything()
    wrong.age = 131
    for call in (
        lambda: repo.insert(wrong),
        lambda: repo.insert_many([Everything(), wrong]),
        lambda: repo.create(wrong),
    ):
        with pytest.raises(ValidationError, match="age"):
            await maybe(call())
    assert await maybe(repo.count()) == 0
