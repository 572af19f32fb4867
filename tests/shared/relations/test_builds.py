"""Keys of several columns, and classes whose own code runs when a row becomes an instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, field_validator

from ferrow import Base, ForeignKey, ForeignKeyConstraint, Mapped, joinedload, mapped_column, relationship, selectinload
from ferrow.errors import NotLoaded
from tests.support import maybe


class Hall(Base):
    town: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    shows: Mapped[list[Show]] = relationship(back_populates="hall")


class Show(Base):
    __table_args__ = (ForeignKeyConstraint(("town", "hall_number"), "halls(town, number)"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    town: Mapped[str | None]
    hall_number: Mapped[int | None]
    hall: Mapped[Hall | None] = relationship(back_populates="shows")


@dataclass
class Shouting:
    __tablename__ = "shoutings"
    name: str
    id: int | None = None
    echoes: Annotated[list[Echo], relationship()] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = self.name.upper()


class Echo(BaseModel):
    id: int | None = None
    shouting_id: Annotated[int, ForeignKey("shoutings.id")]
    shouting: Annotated[Shouting | None, relationship()] = None

    @field_validator("shouting_id")
    @classmethod
    def positive(cls, value: int) -> int:
        assert value > 0
        return value


async def test_keys_of_several_columns(engine: Any, session_of: Any) -> None:
    session = session_of(engine)
    await maybe(engine.create_all(Hall, Show))
    halls = [Hall(town=town, number=number) for town in ("A", "B") for number in (1, 2, 3)]
    shows = [
        Show(id=1, town="A", hall_number=1),
        Show(id=2, town="A", hall_number=1),
        Show(id=3, town="B", hall_number=3),
    ]
    await maybe(session.insert_all([*halls, *shows, Show(id=4, town="A", hall_number=None)]))

    found = await maybe(session.query(Hall).options(selectinload("shows.hall")).order_by("town", "number").all())
    assert [[show.id for show in hall.shows] for hall in found] == [[1, 2], [], [], [], [], [3]]
    assert found[0].shows[0].hall is found[0].shows[1].hall
    for option in (selectinload, joinedload):
        loaded = await maybe(session.query(Show).options(option("hall")).order_by("id").all())
        assert [show.hall and (show.hall.town, show.hall.number) for show in loaded] == [
            ("A", 1),
            ("A", 1),
            ("B", 3),
            None,
        ]
    assert [show.id for show in await maybe(session.query(Show).filter(hall=halls[0]).order_by("id").all())] == [1, 2]
    assert [show.id for show in await maybe(session.query(Show).filter(hall=None).all())] == [4]
    many = [("A", number) for number in range(3000)]
    assert [show.id for show in await maybe(session.query(Show).filter(Show.hall.in_(many)).order_by("id").all())] == [
        1,
        2,
    ]
    assert [show.id for show in await maybe(session.query(Show).filter(Show.hall.not_in(many)).all())] == [3]


async def test_classes_that_run_code_of_their_own(engine: Any, session_of: Any) -> None:
    session = session_of(engine)
    await maybe(engine.create_all(Shouting, Echo))
    await maybe(session.insert(Shouting(name="hi", id=1)))
    await maybe(session.insert(Echo(id=5, shouting_id=1)))

    plain = await maybe(session.get(Shouting, 1))
    assert plain.name == "HI"
    with pytest.raises(NotLoaded, match=r"Shouting\.echoes"):
        _ = plain.echoes
    echo = await maybe(session.get(Echo, 5))
    with pytest.raises(NotLoaded, match=r"Echo\.shouting"):
        _ = echo.shouting
    loaded = await maybe(session.query(Shouting).options(selectinload("echoes.shouting")).one())
    assert [one.shouting.name for one in loaded.echoes] == ["HI"]
    joined = await maybe(session.query(Echo).options(joinedload("shouting")).one())
    assert joined.shouting == plain


@pytest.fixture
def session_of(colour: str) -> Any:
    from ferrow import AsyncSession, Session

    return AsyncSession if colour == "async" else Session
