"""JSON columns whose documents are dataclasses, Pydantic models and containers of them, in models of every style."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

import pytest
from pydantic import BaseModel

from ferrow import Base, Mapped, mapped_column
from tests.support import maybe


class Theme(Enum):
    DARK = "dark"
    LIGHT = "light"


@dataclass
class Address:
    street: str
    since: datetime.date
    zip: str | None = None


class Settings(BaseModel):
    theme: Theme = Theme.LIGHT
    limits: dict[str, Decimal] = {}
    home: Address | None = None


@dataclass
class Node:
    """Contains itself."""

    name: str
    children: list[Node] = field(default_factory=list)


class Declarative(Base):
    __tablename__ = "profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    settings: Mapped[Settings]
    address: Mapped[Address | None] = mapped_column(default=None)
    visited: Mapped[list[Address]] = mapped_column(default=list)
    by_year: Mapped[dict[int, Settings]] = mapped_column(default=dict)
    counts: Mapped[dict[int, str]] = mapped_column(default=dict)
    flags: Mapped[dict[bool, float]] = mapped_column(default=dict)
    tree: Mapped[Node | None] = mapped_column(default=None)
    tokens: Mapped[set[UUID]] = mapped_column(default=set)
    pair: Mapped[tuple[int, Theme] | None] = mapped_column(default=None)


@dataclass(kw_only=True)
class Data:
    __tablename__ = "profiles"

    id: int | None = None
    settings: Settings
    address: Address | None = None
    visited: list[Address] = field(default_factory=list)
    by_year: dict[int, Settings] = field(default_factory=dict)
    counts: dict[int, str] = field(default_factory=dict)
    flags: dict[bool, float] = field(default_factory=dict)
    tree: Node | None = None
    tokens: set[UUID] = field(default_factory=set)
    pair: tuple[int, Theme] | None = None


class Model(BaseModel):
    __tablename__: ClassVar[str] = "profiles"

    id: int | None = None
    settings: Settings
    address: Address | None = None
    visited: list[Address] = []
    by_year: dict[int, Settings] = {}
    counts: dict[int, str] = {}
    flags: dict[bool, float] = {}
    tree: Node | None = None
    tokens: set[UUID] = set()
    pair: tuple[int, Theme] | None = None


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}
HOME = Address("Main", datetime.date(2024, 2, 29), "10")
VALUES: dict[str, Any] = {
    "settings": Settings(theme=Theme.DARK, limits={"a": Decimal("1.10")}, home=HOME),
    "address": HOME,
    "visited": [HOME, Address("Low", datetime.date(1999, 1, 1))],
    "by_year": {2024: Settings()},
    "counts": {-1: "a", 7: "b"},
    "flags": {True: 1.5, False: 0.0},
    "tree": Node("root", [Node("leaf"), Node("branch", [Node("twig")])]),
    "tokens": {UUID(int=1), UUID(int=2)},
    "pair": (7, Theme.LIGHT),
}


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


async def test_documents_come_back_as_themselves(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    made = await maybe(session.insert(model(**VALUES)))
    least = await maybe(session.insert(model(settings=Settings())))

    found = await maybe(session.get(model, made.id))
    for key, value in VALUES.items():
        assert getattr(found, key) == value, key
        assert type(getattr(found, key)) is type(value), key
    assert type(found.visited[0]) is Address
    assert type(found.tree.children[1].children[0]) is Node
    empty = await maybe(session.get(model, least.id))
    assert (empty.address, empty.visited, empty.tokens, empty.pair) == (None, [], set(), None)


async def test_documents_are_changed_as_a_whole(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    made = await maybe(session.insert(model(**VALUES)))

    await maybe(session.update(made, settings=Settings(theme=Theme.LIGHT), address=None))
    await maybe(session.query(model).filter(id=made.id).update(visited=[HOME]))

    found = await maybe(session.get(model, made.id))
    assert (found.settings, found.address, found.visited) == (Settings(), None, [HOME])
    assert await maybe(session.query(model).filter(address=None).count()) == 1
    assert await maybe(session.query(model).values("settings", "pair")) == [
        {"settings": Settings(), "pair": (7, Theme.LIGHT)}
    ]
