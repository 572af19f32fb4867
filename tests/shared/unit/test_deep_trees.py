"""Trees that are deeper than Python's stack."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship
from tests.support import entered, maybe

DEPTH = 1100


class Twig(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    up_id: Mapped[int | None] = mapped_column(ForeignKey("twigs.id"))
    twigs: Mapped[list[Twig]] = relationship(cascade="save, delete")
    leaves: Mapped[list[Leaf]] = relationship(back_populates="twig")


class Leaf(Base):
    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(primary_key=True)
    twig_id: Mapped[int | None] = mapped_column(ForeignKey("twigs.id"))
    twig: Mapped[Twig | None] = relationship(back_populates="leaves")


@pytest.mark.only(style="declarative")
async def test_of_a_deep_tree_all_is_inserted_and_deleted(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Twig, Leaf))
    root = twig = Twig(leaves=[Leaf()])
    for number in range(1, DEPTH):
        twig.twigs = [Twig(leaves=[Leaf()] if number % 100 == 0 else [])]
        twig = twig.twigs[0]
    async with entered(session.begin()):
        session.add(root)
    assert await maybe(session.query(Twig).count()) == DEPTH
    async with entered(session.begin()):
        read = await maybe(session.get(Twig, root.id))
        (first, *_) = await maybe(session.query(Leaf).order_by("id").all())
        session.delete(read)
    assert await maybe(session.query(Twig).count()) == 0
    assert first.twig_id is None  # it was not told to go with its twig
    assert await maybe(session.query(Leaf).filter(twig_id=None).count()) == 11
