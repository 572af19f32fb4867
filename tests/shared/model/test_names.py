"""Columns and tables with names that mean something elsewhere: to SQL, to Python, to Ferrow, to other libraries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel, ConfigDict

from ferrow import Base, Index, Mapped, mapped_column, to_dict
from ferrow.errors import DatabaseError
from tests.support import maybe

NAMES = (
    "metadata",
    "query",
    "registry",
    "select",
    "type",
    "order",
    "user",
    "table",
    "filter",
    "columns",
    "session",
    "values",
    "key",
)
INDEX = Index("order", "-user", where="\"order\" > ''")


class Declarative(Base):
    __tablename__ = "group"
    __table_args__ = (INDEX,)

    id: Mapped[int] = mapped_column(primary_key=True)
    metadata: Mapped[str]
    query: Mapped[str]
    registry: Mapped[str]
    select: Mapped[str]
    type: Mapped[str]
    order: Mapped[str]
    user: Mapped[str] = mapped_column(index=True)
    table: Mapped[str]
    filter: Mapped[str]
    columns: Mapped[str]
    session: Mapped[str]
    values: Mapped[str]
    key: Mapped[str]
    quoted: Mapped[str | None] = mapped_column(name='a "b" ; --\U0001f40e')


@dataclass(kw_only=True)
class Data:
    __tablename__ = "group"
    __table_args__ = (INDEX,)

    id: int | None = None
    metadata: str
    query: str
    registry: str
    select: str
    type: str
    order: str
    user: str = field(metadata={"index": True})
    table: str
    filter: str
    columns: str
    session: str
    values: str
    key: str
    quoted: str | None = field(default=None, metadata={"name": 'a "b" ; --\U0001f40e'})


class Model(BaseModel):
    model_config = ConfigDict(protected_namespaces=())
    __tablename__: ClassVar[str] = "group"
    __table_args__: ClassVar[Any] = (INDEX,)

    id: int | None = None
    metadata: str
    query: str
    registry: str
    select: str
    type: str
    order: str
    user: Annotated[str, mapped_column(index=True)]
    table: str
    filter: str
    columns: str
    session: str
    values: str
    key: str
    quoted: Annotated[str | None, mapped_column(name='a "b" ; --\U0001f40e')] = None


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


async def test_every_name_works_everywhere(session: Any, engine: Any, model: Any) -> None:
    if engine.dialect.name == "mysql":
        with pytest.raises(DatabaseError, match=r"U\+FFFF"):
            await maybe(engine.create_all(model))
        return
    await maybe(engine.create_all(model))
    await maybe(engine.create_all(model))
    given = {name: f"{name}-1" for name in (*NAMES, "quoted")}
    made = await maybe(session.insert(model(**given)))
    query = session.query(model)

    found = await maybe(session.get(model, made.id))
    assert to_dict(found) == {"id": made.id} | given
    for name in (*NAMES, "quoted"):
        assert await maybe(query.filter(**{name: f"{name}-1"}).count()) == 1
        assert await maybe(query.filter(**{f"{name}__startswith": "x"}).count()) == 0
        assert await maybe(query.order_by(f"-{name}").values(name)) == [{name: f"{name}-1"}]
        assert await maybe(query.filter(**{name: f"{name}-1"}).update(**{name: "2"})) == 1
        await maybe(session.update(found, **{name: "3"}))
        assert await maybe(query.max(name)) == "3"
    await maybe(session.remove(found))
    await maybe(engine.drop_all(model))
