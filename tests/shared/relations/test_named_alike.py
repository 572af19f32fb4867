"""A relation called like its own table, but for a capital letter: to SQLite that is one name."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, Mapped, joinedload, mapped_column, relationship
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.sessions import session_of


class Node(Base):
    __tablename__ = "Above"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    above_id: Mapped[int | None] = mapped_column(foreign_key="Above.id")
    above: Mapped[Node | None] = relationship(back_populates="below")
    below: Mapped[list[Node]] = relationship(back_populates="above")


@pytest.fixture
def session(engine: Any, colour: str, runner: Runner) -> Any:
    made = session_of(engine, colour)
    runner.run(_fill(engine, made))
    return made


async def _fill(engine: Any, session: Any) -> None:
    await maybe(engine.create_all(Node))
    root = await maybe(session.insert(Node(name="root")))
    twig = await maybe(session.insert(Node(name="twig", above_id=root.id)))
    await maybe(session.insert(Node(name="leaf", above_id=twig.id)))


async def test_conditions_and_order(session: Any) -> None:
    nodes = session.query(Node).order_by("id")

    async def names(query: Any) -> list[str]:
        return [one.name for one in await maybe(query.all())]

    assert await names(nodes.filter(above__name="root")) == ["twig"]
    assert await names(nodes.filter(above__above__name="root")) == ["leaf"]
    assert await names(nodes.exclude(above__name="root")) == ["root", "leaf"]
    assert await names(nodes.filter(Node.above.has(name="root"))) == ["twig"]
    assert await names(nodes.filter(Node.below.any(name="leaf"))) == ["twig"]
    assert await names(session.query(Node).filter(above_id__isnull=False).order_by("-above__name")) == ["leaf", "twig"]


async def test_joined(session: Any) -> None:
    found = await maybe(session.query(Node).options(joinedload("above.above")).order_by("-id").all())
    assert found[0].above.above.name == "root"
    assert found[2].above is None
