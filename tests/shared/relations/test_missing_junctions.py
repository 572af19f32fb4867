"""A junction that only a relation knows of: it may be in the database; a slip is an error before anything is sent, what is not there names the relation."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship, selectinload
from ferrow.errors import ModelError, ProgrammingError
from tests.support import maybe
from tests.support.sessions import session_of


class Tag(Base):
    __tablename__ = "junction_tags"
    id: Mapped[int] = mapped_column(primary_key=True)


class Art(Base):
    __tablename__ = "junction_arts"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[Tag]] = relationship(secondary="somewhere_else")


class ArtTag(Base):
    __tablename__ = "junction_arts_tags"
    art_id: Mapped[int] = mapped_column(ForeignKey("junction_arts.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("junction_tags.id"), primary_key=True)


class ArtTool(Base):
    """A name that is as near, of other tables."""

    __tablename__ = "junction_arts_tagz"
    id: Mapped[int] = mapped_column(primary_key=True)
    art_id: Mapped[int] = mapped_column(ForeignKey("junction_arts.id"))


def art(secondary: str) -> Any:
    class Misspelt(Base):
        __tablename__ = "junction_arts"
        id: Mapped[int] = mapped_column(primary_key=True)
        tags: Mapped[list[Tag]] = relationship(secondary=secondary)

    return Misspelt


async def test_the_error_of_a_missing_junction_names_relation_and_nearest_table(engine: Any, colour: str) -> None:
    await maybe(engine.create_all(Tag, Art, ArtTag))
    session = session_of(engine, colour)
    await maybe(session.insert(Art()))
    with pytest.raises(
        ProgrammingError, match=r"Art\.tags has secondary='somewhere_else', a table that no model declares.*secondary="
    ):
        await maybe(session.query(Art).options(selectinload("tags")).all())


async def test_a_junction_of_a_model_that_was_not_used_yet_is_declared(engine: Any) -> None:
    class Poem(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        tags: Mapped[list[Tag]] = relationship(secondary="junction_poems_tags")

    class PoemTag(Base):
        __tablename__ = "junction_poems_tags"
        poem_id: Mapped[int] = mapped_column(ForeignKey("poems.id"), primary_key=True)
        tag_id: Mapped[int] = mapped_column(ForeignKey("junction_tags.id"), primary_key=True)

    await maybe(engine.create_all(Poem))
    with pytest.raises(ProgrammingError) as caught:
        await maybe(engine.query("SELECT * FROM junction_poems_tags"))
    assert "no model declares" not in (caught.value.hint or "")
    assert PoemTag


@pytest.mark.parametrize("secondary", ["junction_arts_tag", "juncton_arts_tags", "ArtTags"])
@pytest.mark.parametrize("when", ["create_all", "query"])
async def test_a_name_that_is_nearly_that_of_a_declared_junction(
    engine: Any, colour: str, secondary: str, when: str
) -> None:
    near = "ArtTag" if secondary == "ArtTags" else "junction_arts_tags"
    said = (
        rf"Misspelt\.tags: secondary='{secondary}' is the table of no model\. Did you mean '{near}'\?.*secondary=ArtTag"
    )
    model = art(secondary)
    if when == "query":
        await maybe(engine.create_all(Tag, Art, ArtTag))
    with pytest.raises(ModelError, match=said):
        if when == "query":
            await maybe(session_of(engine, colour).query(model).all())
        else:
            await maybe(engine.create_all(Tag, model, ArtTag))
    if when == "create_all":
        assert await maybe(engine.get_tables()) == []
    del model
    gc.collect()


async def test_models_that_are_declared_later_do_not_stop_create_all(engine: Any) -> None:
    class Early(Base):
        __tablename__ = "junction_early"
        id: Mapped[int] = mapped_column(primary_key=True)
        later: Mapped[list[Later]] = relationship(secondary="junction_early_late")  # type: ignore[name-defined]  # noqa: F821

    await maybe(engine.create_all(Early))
    assert await maybe(engine.get_tables()) == ["junction_early"]
