"""Related rows of a model that is deleted softly, when they leave their owner, and when it goes."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, SoftDeleteMixin, mapped_column, relationship, selectinload
from tests.support import entered, maybe
from tests.support.colours import Runner


class Album(Base):
    __tablename__ = "soft_albums"

    id: Mapped[int] = mapped_column(primary_key=True)
    photos: Mapped[list[Photo]] = relationship(cascade="save, delete, orphan", order_by="id")


class Photo(SoftDeleteMixin, Base):
    __tablename__ = "soft_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    album_id: Mapped[int] = mapped_column(ForeignKey("soft_albums.id"))


@pytest.fixture
def album(engine: Any, session: Any, runner: Runner) -> Album:
    """One with two photos."""

    async def create() -> Album:
        await maybe(engine.create_all(Album, Photo))
        made: Album = await maybe(session.insert(Album(photos=[Photo(), Photo()])))
        return made

    made: Album = runner.run(create())
    return made


async def test_orphans_are_marked(session: Any, album: Album) -> None:
    first, second = album.photos
    await maybe(session.update(album, photos=[second]))
    photos = session.query(Photo).order_by("id")
    assert [photo.id for photo in await maybe(photos.all())] == [second.id]
    assert [photo.is_deleted for photo in await maybe(photos.with_deleted().all())] == [True, False]
    found = await maybe(session.query(Album).options(selectinload("photos")).one())
    assert [photo.id for photo in found.photos] == [second.id]
    assert first.id != second.id


async def test_rows_of_an_owner_that_goes_are_deleted(session: Any, album: Album) -> None:
    """They could not stay: their foreign key would lead nowhere."""
    await maybe(session.remove(album))
    assert await maybe(session.query(Photo).with_deleted().count()) == 0


async def test_rows_of_an_owner_that_goes_in_a_unit_are_deleted(session: Any, album: Album) -> None:
    """As outside: marks would leave their foreign keys leading nowhere. One is marked already, one is read, one is not."""
    first, second = album.photos
    await maybe(session.insert(Photo(album_id=album.id)))
    await maybe(session.soft_delete(first))
    async with entered(session.begin()):
        found, photo = await maybe(session.get(Album, album.id)), await maybe(session.get(Photo, second.id))
        await maybe(session.delete(found))
        await maybe(session.flush())
        assert photo not in session
    assert await maybe(session.query(Photo).with_deleted().count()) == 0
    assert await maybe(session.query(Album).count()) == 0


async def test_orphans_in_a_unit_are_marked(session: Any, album: Album) -> None:
    async with entered(session.begin()):
        found = await maybe(session.query(Album).options(selectinload("photos")).one())
        del found.photos[0]
    photos = session.query(Photo).order_by("id").with_deleted()
    assert [photo.is_deleted for photo in await maybe(photos.all())] == [True, False]


async def test_marks_are_seen_by_the_owners_in_a_unit(session: Any, album: Album) -> None:
    """However they are set or removed, and after a rollback."""
    async with entered(session.begin()):
        found = await maybe(session.query(Album).options(selectinload("photos")).one())
        first, second = found.photos
        await maybe(session.delete(first))
        await maybe(session.flush())
        assert found.photos == [second]
        with pytest.raises(KeyError):
            async with entered(session.begin()):
                await maybe(session.soft_delete(second))
                assert found.photos == []
                raise KeyError
        assert found.photos == [second]
        await maybe(session.soft_delete(second))
        await maybe(session.restore(second))
        assert found.photos == [second]
        await maybe(session.update(found, photos=[]))
        assert (found.photos, session.dirty, second.is_deleted) == ([], [], True)
        again = await maybe(session.get(Photo, first.id, include_deleted=True))
        await maybe(session.restore(again))
        assert (found.photos, session.dirty) == ([again], [])
