"""COPY of models whose attributes are called otherwise than their columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

import pydantic
import pytest

from ferrow import Base, Mapped, mapped_column
from ferrow.errors import DataError
from ferrow.model import shape_of
from tests.support import maybe

pytestmark = pytest.mark.postgresql

TABLE = "CREATE TABLE parcel (id integer PRIMARY KEY, weight int, height int)"


class Typed(Base):
    __tablename__ = "parcel"

    key: Mapped[int] = mapped_column(name="id", primary_key=True)
    height: Mapped[int | None] = mapped_column(name="weight")
    weight: Mapped[int | None] = mapped_column(name="height")


@dataclass
class Plain:
    key: int = field(metadata={"name": "id", "primary_key": True})
    height: int | None = field(metadata={"name": "weight"})
    weight: int | None = field(metadata={"name": "height"})


class Validated(pydantic.BaseModel):
    key: Annotated[int, mapped_column(name="id", primary_key=True)]
    height: Annotated[int | None, mapped_column(name="weight")]
    weight: Annotated[int | None, mapped_column(name="height")]


@pytest.fixture(params=[Typed, Plain, Validated], ids=lambda model: model.__name__)
def model(request: pytest.FixtureRequest, pg: Any, runner: Any) -> Any:
    runner.run(maybe(pg.script(TABLE)))
    shape_of(request.param)
    return request.param


@pytest.mark.parametrize(
    "columns", [None, ["id", "weight", "height"], ["key", "height", "weight"], ["weight", "key", "height"]]
)
@pytest.mark.parametrize("source", [list, iter])
async def test_attributes_go_to_their_columns(pg: Any, model: Any, columns: list[str] | None, source: Any) -> None:
    rows = [model(key=1, height=2, weight=3), model(key=4, height=None, weight=5)]
    for _ in range(2):  # the second time the columns are known
        assert await maybe(pg.copy_in("parcel", source(rows), columns=columns)) == 2
        found = await maybe(pg.query("SELECT id, weight, height FROM parcel ORDER BY id"))
        assert [tuple(row) for row in found] == [(1, 2, 3), (4, None, 5)]
        await maybe(pg.execute("DELETE FROM parcel"))


async def test_an_error_names_the_column(pg: Any, model: Any) -> None:
    wrong = model(key=2, height=None, weight=None)
    wrong.key = "x"
    with pytest.raises(DataError, match=r"^row 2, column 1 \(id\)") as caught:
        await maybe(pg.copy_in("parcel", [model(key=1, height=1, weight=1), wrong]))
    assert (caught.value.row, caught.value.column) == (2, "id")


async def test_other_objects_between_them(pg: Any, model: Any) -> None:
    class Other:
        id, weight, height = 7, 8, 9

    rows = [model(key=1, height=2, weight=3), Other(), (4, 5, 6), {"id": 10, "weight": None, "height": 1}]
    assert (
        await maybe(
            pg.copy_in("parcel", [*rows, model(key=11, height=2, weight=3)], columns=["key", "weight", "height"])
        )
        == 5
    )
    found = await maybe(pg.query("SELECT id, weight, height FROM parcel ORDER BY id"))
    assert [tuple(row) for row in found] == [(1, 2, 3), (4, 5, 6), (7, 8, 9), (10, None, 1), (11, 2, 3)]
