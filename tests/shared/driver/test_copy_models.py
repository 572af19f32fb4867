"""COPY from models and to models, in every style: what comes out equals what went in."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import pydantic
import pytest

from ferrow import Base, Mapped, mapped_column
from ferrow.errors import DataError
from ferrow.model import shape_of
from tests.support import items, maybe

pytestmark = pytest.mark.postgresql

COLUMNS = ["id", "mood", "document", "tags", "note"]
TABLE = """
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE parcel (
    id integer PRIMARY KEY, mood mood, document jsonb, tags text[], note text,
    twice integer GENERATED ALWAYS AS (id * 2) STORED, weight numeric NOT NULL DEFAULT 7
)
"""


class Mood(enum.Enum):
    happy = "happy"
    sad = "sad"


class Typed(Base):
    __tablename__ = "parcel"

    id: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[Mood | None]
    document: Mapped[dict[str, Any] | None]
    tags: Mapped[list[str] | None]
    note: Mapped[str | None]


@dataclass
class Plain:
    id: int
    mood: Mood | None
    document: dict[str, Any] | None
    tags: list[str] | None
    note: str | None


class Validated(pydantic.BaseModel):
    id: int
    mood: Mood | None
    document: dict[str, Any] | None
    tags: list[str] | None
    note: str | None


@pytest.fixture(params=[Typed, Plain, Validated], ids=lambda model: model.__name__)
def model(request: pytest.FixtureRequest) -> Any:
    return request.param


def parcels(model: Any) -> list[Any]:
    return [
        model(
            id=1, mood=Mood.happy, document={"a": [1, None, "ü"]}, tags=["x", 'y"z', "\\", "NULL", ""], note="t\tn\n\\N"
        ),
        model(id=2, mood=None, document=None, tags=None, note=None),
        model(id=3, mood=Mood.sad, document={}, tags=[], note=""),
    ]


def fields(instances: list[Any]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(each, name) for name in COLUMNS) for each in instances]


async def test_as_rows(pg: Any, model: Any) -> None:
    await maybe(pg.script(TABLE))
    rows = parcels(model)
    assert await maybe(pg.copy_in("parcel", rows, columns=COLUMNS)) == 3
    found = await items(pg.copy_out("parcel", columns=COLUMNS, shape=shape_of(model)))
    assert [type(each) for each in found] == [model] * 3
    assert fields(found) == fields(rows)
    others = await maybe(pg.query("SELECT twice, weight FROM parcel ORDER BY id"))
    assert [tuple(each) for each in others] == [(2, 7), (4, 7), (6, 7)]


@pytest.mark.parametrize("format", ["text", "csv"])
async def test_by_way_of_text(pg: Any, model: Any, format: str) -> None:
    await maybe(pg.script(TABLE))
    rows = parcels(model)
    await maybe(pg.copy_in("parcel", iter(rows), columns=COLUMNS))
    pieces = await items(pg.copy_out("parcel", columns=COLUMNS, format=format))
    await maybe(pg.execute("DELETE FROM parcel"))
    assert await maybe(pg.copy_in("parcel", b"".join(pieces), columns=COLUMNS, format=format)) == 3
    found = await items(pg.copy_out("parcel", columns=COLUMNS, shape=shape_of(model)))
    assert fields(found) == fields(rows)


WRONG = {"id": "x", "document": {"a": object()}, "tags": 5}


@pytest.mark.parametrize("name", WRONG)
async def test_what_does_not_fit_is_named(pg: Any, model: Any, name: str) -> None:
    await maybe(pg.script(TABLE))
    rows = parcels(model)
    setattr(rows[1], name, WRONG[name])
    with pytest.raises(DataError, match=rf"^row 2, column {COLUMNS.index(name) + 1} \({name}\)") as caught:
        await maybe(pg.copy_in("parcel", rows, columns=COLUMNS))
    assert (caught.value.row, caught.value.column) == (2, name)
    assert (await maybe(pg.query_one("SELECT count(*) FROM parcel")))[0] == 0


async def test_what_the_server_refuses_is_named_by_it(pg: Any, model: Any) -> None:
    await maybe(pg.script(TABLE))
    rows = parcels(model)
    rows[1].mood = "angry"
    with pytest.raises(DataError, match='invalid input value for enum mood: "angry"') as caught:
        await maybe(pg.copy_in("parcel", rows, columns=COLUMNS))
    assert caught.value.where == "COPY parcel, line 2, column mood"
    assert (await maybe(pg.query_one("SELECT count(*) FROM parcel")))[0] == 0
