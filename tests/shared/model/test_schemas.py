"""Models in a schema of PostgreSQL: so are their types, indexes and comments."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel

from ferrow import Base, ForeignKey, Index, Mapped, mapped_column
from tests.support import maybe

pytestmark = [pytest.mark.postgresql, pytest.mark.parametrize("backend", ["postgresql"])]


class Mood(Enum):
    SAD = "sad"
    GLAD = "glad"


class Declarative(Base):
    __tablename__ = "moods"
    __schema__ = "App Data"
    __comment__ = "moods"
    __table_args__ = (Index("mood", "-id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[Mood] = mapped_column(comment="how it is")
    after: Mapped[int | None] = mapped_column(ForeignKey("moods.id"))


@dataclass
class Data:
    __tablename__ = "moods"
    __schema__ = "App Data"
    __comment__ = "moods"
    __table_args__ = (Index("mood", "-id"),)

    mood: Mood = field(metadata={"comment": "how it is"})
    after: int | None = field(default=None, metadata={"fk": "moods.id"})
    id: int | None = None


class Model(BaseModel):
    __tablename__: ClassVar[str] = "moods"
    __schema__: ClassVar[str] = "App Data"
    __comment__: ClassVar[str] = "moods"
    __table_args__: ClassVar[Any] = (Index("mood", "-id"),)

    id: int | None = None
    mood: Annotated[Mood, mapped_column(comment="how it is")]
    after: Annotated[int | None, ForeignKey("moods.id")] = None


class Public(Base):
    """The same enumeration in the default schema is another type."""

    __tablename__ = "public_moods"
    id: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[Mood]


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}


async def test_everything_is_in_the_schema(session: Any, engine: Any, style: str, catalogue: Any) -> None:
    model = MODELS[style]
    await maybe(engine.execute('CREATE SCHEMA "App Data"'))
    await maybe(engine.create_all(model, Public))

    first = await maybe(session.insert(model(mood=Mood.GLAD)))
    await maybe(session.insert(model(mood=Mood.SAD, after=first.id)))
    await maybe(session.insert(Public(mood=Mood.SAD)))
    assert await maybe(session.query(model).order_by("mood").values_list("mood", flat=True)) == [Mood.SAD, Mood.GLAD]
    assert (await maybe(session.query(model).filter(mood__in=[Mood.GLAD]).one())).id == first.id
    types = "SELECT nspname::text FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE typname = 'mood' ORDER BY 1"
    assert await catalogue(postgresql=types) == [("App Data",), ("public",)]
    assert await catalogue(
        postgresql="SELECT schemaname::text FROM pg_indexes WHERE indexname = 'ix_moods_mood_id'"
    ) == [("App Data",)]
    assert await catalogue(postgresql="""SELECT obj_description('"App Data".moods'::regclass)""") == [("moods",)]

    await maybe(engine.drop_all(model))
    assert await catalogue(postgresql=types) == [("public",)]


async def test_a_type_that_another_table_needs_stays(engine: Any, style: str, catalogue: Any) -> None:
    class Other(Base):
        __tablename__ = "other_moods"
        id: Mapped[int] = mapped_column(primary_key=True)
        mood: Mapped[Mood]

    await maybe(engine.create_all(Public, Other))
    await maybe(engine.drop_all(Public))
    assert await catalogue(postgresql="SELECT count(*) FROM pg_type WHERE typname = 'mood'") == [(1,)]
    await maybe(engine.drop_all(Other))
    assert await catalogue(postgresql="SELECT count(*) FROM pg_type WHERE typname = 'mood'") == [(0,)]
