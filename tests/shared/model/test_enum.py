"""Enumerations: native on PostgreSQL, text that is checked on SQLite; parameters, filters and order are the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel

from ferrow import Base, Mapped, insert, mapped_column, select, update
from ferrow.errors import DatabaseError, DataError
from ferrow.types import Enum as EnumType
from ferrow.types import ListOf
from tests.support import maybe
from tests.support.stores.common import Color, Size


@pytest.fixture
def session(session: Any, stores: Any, runner: Any) -> Any:
    async def fill() -> None:
        await maybe(session.insert(stores.Region(country="cz", code=1, name="Prague")))
        for n, (color, size) in enumerate(
            [(Color.BLUE, Size.SMALL), (Color.RED, None), (Color.GREEN, Size.LARGE), (Color.RED, Size.LARGE)]
        ):
            made = stores.Store(country="cz", region=1, email=f"e{n}", price=n, color=color, size=size)
            await maybe(session.insert(made))

    runner.run(fill())
    return session


async def prices(query: Any) -> list[int]:
    found: list[int] = await maybe(query.order_by("price").values_list("price", flat=True))
    return found


async def test_filters(session: Any, stores: Any) -> None:
    query = session.query(stores.Store)

    assert await prices(query.filter(color=Color.RED)) == [1, 3]
    assert await prices(query.filter(color=Color.BLUE)) == [0]
    assert await prices(query.filter(color="red")) == [1, 3]
    assert await prices(query.filter(color__in=[Color.RED, Color.BLUE])) == [0, 1, 3]
    assert await prices(query.filter(color__notin=[Color.RED])) == [0, 2]
    assert await prices(query.filter(color__ne=Color.RED)) == [0, 2]
    assert await prices(query.filter(color__gt=Color.RED)) == [0, 2]
    assert await prices(query.filter(size=None)) == [1]
    assert await prices(query.filter(size=Size.LARGE)) == [2, 3]
    with pytest.raises(DataError, match=r"'gren' is not a valid Color\. Did you mean 'green'\?"):
        await maybe(query.filter(color="gren").all())


async def test_expressions(session: Any, stores: Any) -> None:
    Store = stores.Store
    if not hasattr(Store, "price"):
        return
    query = session.query(Store)

    assert await prices(query.filter(Store.color == Color.RED)) == [1, 3]
    assert await prices(query.filter(Store.color.in_([Color.GREEN, Color.BLUE]))) == [0, 2]
    assert await prices(query.filter(Store.color.between(Color.GREEN, Color.BLUE))) == [0, 2]
    assert await prices(query.filter(Store.color >= Color.GREEN)) == [0, 2]
    found = await maybe(session.execute(select(Store).where(Store.color == Color.BLUE)))
    assert [one.color for one in found.scalars().all()] == [Color.BLUE]


async def test_order_is_the_order_of_the_class(session: Any, stores: Any) -> None:
    query = session.query(stores.Store)

    ordered = await maybe(query.order_by("color", "price").values_list("color", flat=True))
    assert ordered == [Color.RED, Color.RED, Color.GREEN, Color.BLUE]
    assert (await maybe(query.order_by("-color").first())).color is Color.BLUE
    assert await maybe(query.min("color")) is Color.RED
    assert await maybe(query.max("color")) is Color.BLUE
    assert await maybe(query.filter(price__gt=1000).max("color")) is None
    assert await maybe(query.distinct().order_by("-color").values_list("color", flat=True)) == [*reversed(Color)]


async def test_changes(session: Any, stores: Any) -> None:
    query = session.query(stores.Store)

    one = await maybe(query.filter(price=0).one())
    assert (one.color, one.size) == (Color.BLUE, Size.SMALL)
    await maybe(session.update(one, color=Color.GREEN, size=None))
    assert await maybe(query.filter(color=Color.RED).update(color=Color.BLUE)) == 2
    await maybe(session.execute(update(stores.Store).values(size=Size.SMALL)))
    assert await maybe(query.order_by("price").values_list("color", "size")) == [
        (color, Size.SMALL) for color in (Color.GREEN, Color.BLUE, Color.GREEN, Color.BLUE)
    ]
    values = {"country": "cz", "region": 1, "email": "new", "price": 99, "color": Color.RED}
    await maybe(session.execute(insert(stores.Store).values(values)))
    assert (await maybe(query.filter(price=99).one())).color is Color.RED


async def test_the_database_checks_them_too(session: Any, engine: Any) -> None:
    for column in ("color", "size"):
        with pytest.raises(DatabaseError):
            await maybe(engine.execute(f"UPDATE stores SET {column} = 'pink'"))


async def test_a_type_that_was_made_anew(session: Any, stores: Any, engine: Any) -> None:
    """The connection knows the old type by its number."""
    await maybe(engine.drop_all(stores.Store, stores.Region))
    await maybe(engine.create_all(stores.Store, stores.Region))

    await maybe(session.insert(stores.Region(country="cz", code=1, name="Prague")))
    made = await maybe(session.insert(stores.Store(country="cz", region=1, email="x", price=1, color=Color.GREEN)))
    assert (await maybe(session.get(stores.Store, made.id))).color is Color.GREEN
    assert await prices(session.query(stores.Store).filter(color__in=[Color.GREEN])) == [1]


class Palette(Base):
    __tablename__ = "palettes"
    id: Mapped[int] = mapped_column(primary_key=True)
    colors: Mapped[list[Color]] = mapped_column(ListOf(EnumType(Color)), default=list)


@dataclass
class PaletteData:
    __tablename__ = "palettes"
    colors: Annotated[list[Color], ListOf(EnumType(Color))] = field(default_factory=list)
    id: int | None = None


class PaletteModel(BaseModel):
    __tablename__: ClassVar[str] = "palettes"
    colors: Annotated[list[Color], ListOf(EnumType(Color))] = []
    id: int | None = None


PALETTES: dict[str, Any] = {"declarative": Palette, "dataclass": PaletteData, "pydantic": PaletteModel}


async def test_lists_of_them(session: Any, engine: Any, style: str, catalogue: Any) -> None:
    model = PALETTES[style]
    await maybe(engine.create_all(model))
    colors = [Color.BLUE, Color.RED, Color.BLUE]

    made = await maybe(session.insert(model(colors=colors)))
    await maybe(session.insert(model()))

    assert (await maybe(session.get(model, made.id))).colors == colors
    assert await maybe(session.query(model).order_by("id").values_list("colors", flat=True)) == [colors, []]
    ((kind,),) = await catalogue(
        postgresql="SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'palettes'::regclass AND attname = 'colors'",
        sqlite="SELECT type FROM pragma_table_info('palettes') WHERE name = 'colors'",
        mysql="SELECT data_type FROM information_schema.columns WHERE {here} = 'palettes' AND column_name = 'colors'",
    )
    assert kind in ("color[]", "JSON_TEXT", "longtext", "json")
