"""Mixins and abstract bases, in every style: what they have becomes a part of each model's own table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel

from ferrow import Base, CheckConstraint, ForeignKey, Index, Mapped, mapped_column
from ferrow.model import table_of
from tests.support import maybe


class Stamped:
    """A mixin that is no model itself."""

    created: Mapped[datetime] = mapped_column(timezone=True, server_default="CURRENT_TIMESTAMP")
    creator: Mapped[str] = mapped_column(default="nobody", index=True)


class Project(Base):
    __abstract__ = True
    __table_args__ = (CheckConstraint("name <> ''"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(max_length=10)

    def shout(self) -> str:
        return self.name.upper()


class Article(Stamped, Project):
    __tablename__ = "articles"
    __table_args__ = (Index("name", unique=True),)
    title: Mapped[str]
    creator: Mapped[str] = mapped_column(default="author")


class Comment(Stamped, Project):
    __tablename__ = "comments"
    article_id: Mapped[int] = mapped_column(ForeignKey((Article, "id"), ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(max_length=20)


@dataclass(kw_only=True)
class StampedData:
    created: datetime | None = field(
        default=None, metadata={"timezone": True, "server_default": "CURRENT_TIMESTAMP", "nullable": False}
    )
    creator: str = field(default="nobody", metadata={"index": True})


@dataclass(kw_only=True)
class ProjectData:
    __table_args__ = (CheckConstraint("name <> ''"),)

    id: int | None = None
    name: str = field(metadata={"max_length": 10})

    def shout(self) -> str:
        return self.name.upper()


@dataclass(kw_only=True)
class ArticleData(StampedData, ProjectData):
    __tablename__ = "articles"
    __table_args__ = (Index("name", unique=True),)
    title: str
    creator: str = "author"


@dataclass(kw_only=True)
class CommentData(StampedData, ProjectData):
    __tablename__ = "comments"
    article_id: int = field(metadata={"fk": (ArticleData, "id"), "ondelete": "CASCADE"})
    name: str = field(metadata={"max_length": 20})


class StampedModel(BaseModel):
    created: Annotated[
        datetime | None, mapped_column(timezone=True, server_default="CURRENT_TIMESTAMP", nullable=False)
    ] = None
    creator: Annotated[str, mapped_column(index=True)] = "nobody"


class ProjectModel(BaseModel):
    __table_args__: ClassVar[Any] = (CheckConstraint("name <> ''"),)

    id: int | None = None
    name: Annotated[str, mapped_column(max_length=10)]

    def shout(self) -> str:
        return self.name.upper()


class ArticleModel(StampedModel, ProjectModel):
    __tablename__: ClassVar[str] = "articles"
    __table_args__: ClassVar[Any] = (Index("name", unique=True),)
    title: str
    creator: str = "author"


class CommentModel(StampedModel, ProjectModel):
    __tablename__: ClassVar[str] = "comments"
    article_id: Annotated[int, ForeignKey((ArticleModel, "id"), ondelete="CASCADE")]
    name: Annotated[str, mapped_column(max_length=20)]


MODELS: dict[str, tuple[Any, Any]] = {
    "declarative": (Article, Comment),
    "dataclass": (ArticleData, CommentData),
    "pydantic": (ArticleModel, CommentModel),
}


@pytest.fixture
def pair(style: str) -> Any:
    return MODELS[style]


async def test_columns_come_from_the_bases_in_their_order(session: Any, engine: Any, pair: Any) -> None:
    for model, own in zip(pair, ("title", "article_id"), strict=True):
        assert [*table_of(model).by_key] == ["id", "name", "created", "creator", own]
        assert [column.key for column in table_of(model).primary_key] == ["id"]
        assert [check.sql for check in table_of(model).checks] == ["name <> ''"]
    article, comment = pair
    assert [index.columns for index in table_of(article).indexes] == [("name",)]
    assert table_of(comment).indexes == ()
    assert [table_of(model).column("creator").index for model in pair] == [False, True]  # replaced as a whole
    assert [table_of(model).column("name").max_length for model in pair] == [10, 20]


async def test_each_model_has_a_table_of_its_own(session: Any, engine: Any, pair: Any) -> None:
    article, comment = pair
    await maybe(engine.create_all(comment, article))

    one = await maybe(session.insert(article(name="x", title="T")))
    two = await maybe(session.insert(comment(name="y", article_id=one.id)))

    assert (one.creator, two.creator) == ("author", "nobody")
    assert one.created.tzinfo is not None
    found = await maybe(session.get(comment, two.id))
    assert (found.name, found.creator, found.shout()) == ("y", "nobody", "Y")
    await maybe(session.remove(one))
    assert await maybe(session.query(comment).count()) == 0
