"""A junction that only a relation knows of: it may be in the database, and if it is not the error says whose it is."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship, selectinload
from ferrow.errors import ProgrammingError
from tests.support import maybe
from tests.support.sessions import session_of


async def test_the_error_of_a_missing_junction_names_relation_and_nearest_table(engine: Any, colour: str) -> None:
    class Tag(Base):
        __tablename__ = "junction_tags"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Art(Base):
        __tablename__ = "junction_arts"
        id: Mapped[int] = mapped_column(primary_key=True)
        tags: Mapped[list[Tag]] = relationship(secondary="junction_arts_tag")

    class ArtTag(Base):
        __tablename__ = "junction_arts_tags"
        art_id: Mapped[int] = mapped_column(ForeignKey("junction_arts.id"), primary_key=True)
        tag_id: Mapped[int] = mapped_column(ForeignKey("junction_tags.id"), primary_key=True)

    await maybe(engine.create_all(Tag, Art, ArtTag))
    session = session_of(engine, colour)
    await maybe(session.insert(Art()))
    with pytest.raises(
        ProgrammingError,
        match=r"Art\.tags has secondary='junction_arts_tag', a table that no model declares.* Did you mean 'junction_arts_tags'\?.*secondary=",
    ):
        await maybe(session.query(Art).options(selectinload("tags")).all())
