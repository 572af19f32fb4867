"""A junction with a key of its own may have a pair twice: that is one object of the relation."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship, selectinload
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.sessions import session_of


class Box(Base):
    __tablename__ = "pair_boxes"
    id: Mapped[int] = mapped_column(primary_key=True)
    marks: Mapped[list[Mark]] = relationship(secondary="pair_box_marks")


class Mark(Base):
    __tablename__ = "pair_marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class BoxMark(Base):
    __tablename__ = "pair_box_marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[int] = mapped_column(ForeignKey("pair_boxes.id"))
    mark_id: Mapped[int] = mapped_column(ForeignKey("pair_marks.id"))


@pytest.fixture
def session(engine: Any, colour: str, runner: Runner) -> Any:
    made = session_of(engine, colour)
    runner.run(_fill(engine, made))
    return made


async def _fill(engine: Any, session: Any) -> None:
    await maybe(engine.create_all(Box, Mark, BoxMark))
    await maybe(session.insert_all([Box(id=1), Box(id=2), *[Mark(id=n, name="same") for n in (1, 2, 3)]]))
    pairs = [(1, 1), (1, 2), (1, 1), (1, 3), (2, 3), (2, 3)]
    await maybe(session.insert_all([BoxMark(box_id=box, mark_id=mark) for box, mark in pairs]))


async def test_limits_count_objects(session: Any) -> None:
    async def marks(option: Any) -> list[list[int]]:
        boxes = await maybe(session.query(Box).options(option).order_by("id").all())
        return [[mark.id for mark in box.marks] for box in boxes]

    option = selectinload("marks").order_by("name")
    assert await marks(option) == [[1, 2, 3], [3]]
    assert await marks(option.limit(2)) == [[1, 2], [3]]
    assert await marks(option.limit(2).offset(1)) == [[2, 3], []]
