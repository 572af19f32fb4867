"""Rows that refer to each other in a circle, or in a tree deeper than Python's stack, and are deleted."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship
from ferrow.errors import IntegrityError
from tests.support import entered, maybe

pytestmark = pytest.mark.only(style="declarative")

DEPTH = 1500


class Knot(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    up_id: Mapped[int | None] = mapped_column(ForeignKey("knots.id"))
    knots: Mapped[list[Knot]] = relationship(cascade="save, delete")
    notes: Mapped[list[Note]] = relationship()


class Note(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    knot_id: Mapped[int | None] = mapped_column(ForeignKey("knots.id"))


class Captain(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    ship_id: Mapped[int | None] = mapped_column(ForeignKey("ships.id"))


class Ship(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    captain_id: Mapped[int] = mapped_column(ForeignKey("captains.id"))


class Bead(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    next_id: Mapped[int] = mapped_column(ForeignKey("beads.id"))


async def knots(session: Any, engine: Any, *pairs: tuple[int, int | None]) -> list[Knot]:
    await maybe(engine.create_all(Knot, Note))
    made = await maybe(session.insert_all([Knot(id=one) for one, _ in pairs]))
    for knot, (_, up) in zip(made, pairs, strict=True):
        await maybe(session.update(knot, up_id=up))
    return list(made)


async def test_remove_goes_down_a_deep_tree(session: Any, engine: Any) -> None:
    await knots(session, engine, (1, None))
    await maybe(session.insert_all([Knot(id=number, up_id=number - 1) for number in range(2, DEPTH)]))
    await maybe(session.insert(Note(knot_id=DEPTH - 1)))
    root = await maybe(session.get(Knot, 1))
    await maybe(session.remove(root))
    assert await maybe(session.query(Knot).count()) == 0
    assert await maybe(session.query(Note).values_list("knot_id", flat=True)) == [None]


@pytest.mark.parametrize("way", ["remove", "remove in begin", "delete"])
async def test_a_circle_goes_as_a_whole(session: Any, engine: Any, way: str) -> None:
    await knots(session, engine, (1, 3), (2, 1), (3, 2), (4, 2), (5, 5), (6, None))
    await maybe(session.insert(Note(knot_id=2)))
    if way == "remove":
        await maybe(session.remove(await maybe(session.get(Knot, 1))))
    else:
        async with entered(session.begin()):
            one = await maybe(session.get(Knot, 1))
            if way == "delete":
                session.delete(one)
            else:
                await maybe(session.remove(one))
    assert await maybe(session.query(Knot).order_by("id").values_list("id", flat=True)) == [5, 6]
    assert await maybe(session.query(Note).values_list("knot_id", flat=True)) == [None]
    await maybe(session.remove(await maybe(session.get(Knot, 5))))  # it refers to itself


async def test_a_circle_of_two_tables_opens_where_it_may(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Captain, Ship))
    captain = await maybe(session.insert(Captain()))
    ship = await maybe(session.insert(Ship(captain_id=captain.id)))
    await maybe(session.update(captain, ship_id=ship.id))
    async with entered(session.begin()):
        read = [await maybe(session.get(Captain, captain.id)), await maybe(session.get(Ship, ship.id))]
        for one in read:
            session.delete(one)
    assert await maybe(session.query(Captain).count()) == await maybe(session.query(Ship).count()) == 0


async def test_a_failure_leaves_the_circle_as_it_was(session: Any, engine: Any) -> None:
    await knots(session, engine, (1, 2), (2, 1))
    await maybe(engine.execute("CREATE TABLE held (knot_id integer NOT NULL REFERENCES knots (id))"))
    await maybe(engine.execute("INSERT INTO held VALUES (1)"))
    with pytest.raises(IntegrityError):
        await maybe(session.remove(await maybe(session.get(Knot, 1))))
    await maybe(engine.execute("DROP TABLE held"))
    assert await maybe(session.query(Knot).order_by("id").values_list("id", "up_id")) == [(1, 2), (2, 1)]


@pytest.mark.only(backend="postgresql")
async def test_a_circle_that_may_not_open_is_the_databases_to_judge(session: Any, engine: Any) -> None:
    await maybe(
        engine.execute(
            "CREATE TABLE beads (id integer PRIMARY KEY, next_id integer NOT NULL REFERENCES beads DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    await maybe(engine.execute("INSERT INTO beads VALUES (1, 2), (2, 1)"))
    async with entered(session.begin()):
        for bead in await maybe(session.query(Bead).all()):
            session.delete(bead)
    assert await maybe(session.query(Bead).count()) == 0


async def test_tables_of_a_circle_are_created_twice(session: Any, engine: Any) -> None:
    for _ in range(2):
        await maybe(engine.create_all(Captain, Ship))
    with pytest.raises(IntegrityError):
        await maybe(session.insert(Captain(ship_id=7)))
