"""Types of documents that contain themselves, by an alias or as Self."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

import pytest
from pydantic import BaseModel
from typing_extensions import TypeAliasType

from ferrow import JSON, Base, Mapped, mapped_column
from tests.support import entered, maybe

ONE = UUID(int=1)
DAY = datetime.date(2024, 2, 29)

Tree = TypeAliasType("Tree", UUID | int | str | list["Tree"] | dict[str, "Tree"] | None)
Keys = TypeAliasType("Keys", UUID | int | list["Keys"])  # of a text Pydantic would make no UUID
Dates = TypeAliasType("Dates", datetime.date | list["Dates"])


class Node(BaseModel):
    tree: Keys
    nested: Dates = []
    below: list[Self] = []


@dataclass
class Leaf:
    tree: Tree
    nested: Dates = field(default_factory=list)
    below: list[Self] = field(default_factory=list)


class Declarative(Base):
    __tablename__ = "recursive"

    id: Mapped[int] = mapped_column(primary_key=True)
    tree: Mapped[Tree] = mapped_column(JSON)
    trees: Mapped[dict[str, Tree]]
    nested: Mapped[list[Dates]]
    node: Mapped[Node]
    leaf: Mapped[Leaf]


@dataclass
class DataBase:
    __tablename__: ClassVar[str] = "recursive"

    id: int
    tree: Annotated[Tree, mapped_column(JSON)]
    trees: dict[str, Tree]
    nested: list[Dates]
    node: Node
    leaf: Leaf
    own: Annotated[list[Self], mapped_column(JSON)] = field(default_factory=list)


@dataclass
class Data(DataBase):
    pass


class ModelBase(BaseModel):
    __tablename__: ClassVar[str] = "recursive"

    id: int
    tree: Annotated[Tree, mapped_column(JSON)]
    trees: dict[str, Tree]
    nested: list[Dates]
    node: Node
    leaf: Leaf
    own: Annotated[list[Self], mapped_column(JSON)] = []


class Model(ModelBase):
    pass


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}


def values() -> dict[str, Any]:
    return {
        "tree": [ONE, 1, "a", {"b": [ONE, None]}],
        "trees": {"a": ONE, "b": [[["1"]]], "c": None},
        "nested": [DAY, [DAY, [DAY]], []],
        "node": Node(tree=[ONE, [1]], nested=[DAY, [DAY]], below=[Node(tree=1)]),
        "leaf": Leaf([ONE, {"a": [ONE, "b"]}], [DAY, [DAY]], [Leaf(ONE)]),
    }


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


async def test_they_come_back_as_they_are_annotated(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, **values())))
    async with entered(type(session)(engine)) as own:
        found = await maybe(own.get(model, 1))
        for name, value in values().items():
            assert (name, getattr(found, name), type(getattr(found, name))) == (name, value, type(value))
        assert not own.is_modified(found)
        found.tree[3]["b"].append(ONE)
        await maybe(own.commit())
    assert (await maybe(session.get(model, 1))).tree == [ONE, 1, "a", {"b": [ONE, None, ONE]}]


@pytest.mark.only(style=("dataclass", "pydantic"))
async def test_a_model_may_hold_itself_as_a_document(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    held = model(id=2, **(values() | {"tree": ["a", {"b": 1}], "trees": {}, "leaf": Leaf(1)}))
    await maybe(session.insert(model(id=1, own=[held], **values())))
    found = await maybe(session.query(model).first())
    assert (found.own, type(found.own[0])) == ([held], model)
