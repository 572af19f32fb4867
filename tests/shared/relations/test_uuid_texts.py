"""Keys that are UUIDs, and were given as texts: the rows are those of the UUIDs, and so are the instances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship
from ferrow.repository import AsyncRepository, Repository
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.sessions import session_of

A, B, C = "2f1c4a2e-0000-4000-8000-00000000000a", "2f1c4a2e-0000-4000-8000-00000000000b", uuid4()


class Shelf(Base):
    __tablename__ = "uuid_shelves"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="shelf")
    jars: Mapped[list[Jar]] = relationship(back_populates="shelf", cascade="save, orphan")


class Jar(Base):
    __tablename__ = "uuid_jars"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    shelf_id: Mapped[UUID | None] = mapped_column(ForeignKey("uuid_shelves.id"))
    shelf: Mapped[Shelf | None] = relationship(back_populates="jars")


class Spot(Base):
    __tablename__ = "uuid_spots"
    row: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@dataclass
class Card:
    __tablename__ = "uuid_cards"
    id: UUID = field(metadata={"primary_key": True})
    name: str


@pytest.fixture
def session(engine: Any, colour: str, runner: Runner) -> Any:
    runner.run(_create(engine))
    return session_of(engine, colour)


async def _create(engine: Any) -> None:
    await maybe(engine.create_all(Shelf, Jar, Spot, Card))


@pytest.mark.parametrize("key", [A, A.upper(), A.replace("-", "")])
async def test_relations_are_found(session: Any, key: str) -> None:
    shelf = await maybe(session.insert(Shelf(id=key)))
    jar = await maybe(session.insert(Jar(id=B, shelf_id=key)))
    await maybe(session.load(jar, "shelf"))
    await maybe(session.load(shelf, "jars"))
    assert jar.shelf.id == UUID(A)
    assert [one.id for one in shelf.jars] == [UUID(B)]


async def test_members_stay(session: Any) -> None:
    shelf = await maybe(session.insert(Shelf(id=A)))
    await maybe(session.insert_all([Jar(id=B, shelf_id=A), Jar(id=C, shelf_id=A)]))
    await maybe(session.update(shelf, jars=[Jar(id=B, shelf_id=A)]))
    assert [one.id for one in await maybe(session.query(Jar).all())] == [UUID(B)]


@pytest.mark.parametrize("model", [Shelf, Card, Spot])
async def test_a_row_is_one_instance(session: Any, model: Any) -> None:
    key = {"row": A, "number": 1} if model is Spot else {"id": A}
    async with entered(session.begin()):
        made = model(name="new", **key)
        session.add(made)
        await maybe(session.flush())
        (found,) = await maybe(session.query(model).all())
        assert found is made
        assert UUID(A) in (getattr(made, "id", None), getattr(made, "row", None))
        made.name = "other"
    assert [one.name for one in await maybe(session.query(model).all())] == ["other"]


async def test_owners_show_new_members(session: Any) -> None:
    await maybe(session.insert(Shelf(id=A)))
    async with entered(session.begin()):
        shelf = await maybe(session.get(Shelf, A))
        await maybe(session.load(shelf, "jars"))
        jar = Jar(id=B, shelf_id=A)
        session.add(jar)
        await maybe(session.flush())
        assert shelf.jars == [jar]
        (found,) = await maybe(session.load_for([shelf], "jars"))
        assert found.jars == [jar]


async def test_repositories_link_rows_that_are_there(session: Any, engine: Any, colour: str) -> None:
    await maybe(session.insert(Shelf(id=A)))
    jars = (Repository if colour == "sync" else AsyncRepository)(engine, Jar)
    jar = await maybe(jars.create(Jar(id=B), relations={"shelf": Shelf(id=A)}))
    assert await maybe(session.query(Jar).filter(shelf__id=A).count()) == 1
    assert jar.id == B
