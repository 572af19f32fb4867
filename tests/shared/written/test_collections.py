"""Relations that are annotated as a `ManyToManyCollection`: `await note.labels.add(red)`."""

from __future__ import annotations

import copy
import pickle
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel

from ferrow import Base, ForeignKey, ManyToManyCollection, Mapped, mapped_column, noload, relationship, selectinload
from ferrow.errors import ForeignKeyViolation, ModelError, ProgrammingError
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.related.reading import rows
from tests.support.sessions import session_of


class Label(Base):
    __tablename__ = "labels"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class NoteLabel(Base):
    __tablename__ = "note_labels"
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    labels: Mapped[ManyToManyCollection[Label]] = relationship(secondary=NoteLabel, order_by="id")


@dataclass(slots=True)
class NoteData:
    __tablename__ = "notes"
    text: str
    id: int | None = None
    labels: Annotated[ManyToManyCollection[Label], relationship(secondary=NoteLabel, order_by="id")] = field(
        default_factory=ManyToManyCollection
    )


class NoteModel(BaseModel):
    model_config: ClassVar[Any] = {"arbitrary_types_allowed": True}
    __tablename__: ClassVar[str] = "notes"
    id: int | None = None
    text: str
    labels: Annotated[ManyToManyCollection[Label], relationship(secondary=NoteLabel, order_by="id")] = []  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  # checked as a list


NOTES: dict[str, Any] = {"declarative": Note, "dataclass": NoteData, "pydantic": NoteModel}
Unit = Callable[[], AbstractAsyncContextManager[Any]]


@pytest.fixture
def note(style: str) -> Any:
    return NOTES[style]


@pytest.fixture
def bare(engine: Any, colour: str, runner: Runner) -> Any:
    """A session, a note and three labels."""
    session = session_of(engine, colour)

    async def fill() -> None:
        await maybe(engine.create_all(Label, Note, NoteLabel))
        await maybe(session.insert_all([Label(id=n, name=name) for n, name in enumerate(("red", "blue", "old"), 1)]))

    runner.run(fill())
    return session


@pytest.fixture
def unit(bare: Any, colour: str) -> Unit:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        async with entered(type(bare)(bare._engine if colour == "async" else bare._core._engine.sync)) as session:
            yield session

    return opened


async def links(session: Any) -> list[int]:
    return [label for _, label in await rows(session, "note_labels", "note_id, label_id")]


def names(one: Any) -> list[str]:
    return [label.name for label in one.labels]


async def test_links_are_written_at_once(bare: Any, note: Any) -> None:
    one = await maybe(bare.insert(note(text="x")))
    red, blue, _ = await maybe(bare.query(Label).order_by("id").all())
    assert one.labels == []
    await maybe(one.labels.add(red, blue))
    await maybe(one.labels.add(red))
    assert (names(one), await links(bare)) == (["red", "blue"], [1, 2])
    await maybe(one.labels.remove(red, red))
    await maybe(one.labels.remove(red, 3))
    assert (names(one), await links(bare)) == (["blue"], [2])
    await maybe(one.labels.clear())
    assert (names(one), await links(bare)) == ([], [])
    with pytest.raises(ForeignKeyViolation):
        await maybe(one.labels.add(77))


async def test_collections_that_were_loaded(bare: Any, note: Any) -> None:
    await maybe(bare.insert(note(text="x", labels=[await maybe(bare.get(Label, 1))])))
    for option in (selectinload("labels"), selectinload("labels").where(name="red")):
        one = await maybe(bare.query(note).options(option).one())
        assert isinstance(one.labels, ManyToManyCollection)
        assert names(one) == ["red"]
        await maybe(one.labels.add(await maybe(bare.get(Label, 2))))
        assert await links(bare) == [1, 2]
        await maybe(one.labels.remove(2))
        assert await links(bare) == [1]
    some = await maybe(bare.query(note).options(selectinload("labels").where(name="blue")).one())
    await maybe(some.labels.clear())
    assert await links(bare) == [1], "what was not loaded stays"
    later = await maybe(bare.get(note, one.id))
    await maybe(bare.load(later, "labels"))
    await maybe(later.labels.clear())
    assert await links(bare) == []


async def test_a_collection_given_to_insert_becomes_one(bare: Any, note: Any) -> None:
    red, blue, _ = await maybe(bare.query(Label).order_by("id").all())
    one, other = await maybe(bare.insert_all([note(text="a", labels=[red]), note(text="b")]))
    await maybe(one.labels.add(blue))
    await maybe(other.labels.add(blue))
    assert await rows(bare, "note_labels", "note_id, label_id") == [(one.id, 1), (one.id, 2), (other.id, 2)]
    await maybe(bare.update(one, labels=one.labels[:1]))
    assert await links(bare) == [1, 2]


async def test_lists_are_still_lists(bare: Any, note: Any) -> None:
    """What raises a TypeError in OrmKit: append, extend, assignment."""
    red, blue, old = await maybe(bare.query(Label).order_by("id").all())
    one = await maybe(bare.insert(note(text="a")))
    one.labels.append(red)
    one.labels.extend([blue, old])
    one.labels.reverse()
    del one.labels[0]
    await maybe(bare.update(one, labels=one.labels))
    assert await links(bare) == [1, 2]
    await maybe(one.labels.clear())
    assert await links(bare) == []


async def test_in_a_unit_of_work_they_are_a_change_like_any_other(bare: Any, unit: Unit, note: Any) -> None:
    await maybe(bare.insert(note(text="x", labels=[await maybe(bare.get(Label, 1))])))
    theirs = await maybe(bare.get(Label, 2))  # of the same row as blue
    async with unit() as work:
        one = await maybe(work.query(note).options(selectinload("labels")).one())
        blue = await maybe(work.get(Label, 2))
        await maybe(one.labels.add(blue, blue))
        assert (names(one), await links(bare)) == (["red", "blue"], [1])
        await maybe(work.rollback())
        assert await links(bare) == [1]
        one = await maybe(work.query(note).options(selectinload("labels")).one())
        await maybe(one.labels.add(blue))
        await maybe(one.labels.add(theirs))
        assert names(one) == ["red", "blue"]
        await maybe(one.labels.remove(one.labels[0], 99))
        await maybe(work.commit())
        assert (names(one), await links(bare)) == (["blue"], [2])
        await maybe(one.labels.remove(theirs))
        assert names(one) == []
        await maybe(work.commit())
        assert await links(bare) == []
        await maybe(one.labels.add(blue))
        await maybe(work.commit())
        await maybe(one.labels.clear())
        await maybe(work.commit())
        assert (names(one), await links(bare)) == ([], [])


async def test_what_was_inserted_in_a_block_can_be_linked_in_it(bare: Any, note: Any) -> None:
    async with entered(bare.begin()):
        one = await maybe(bare.insert(note(text="x")))
        await maybe(one.labels.add(await maybe(bare.get(Label, 1)), await maybe(bare.insert(Label(id=8, name="new")))))
        await maybe(one.labels.remove(await maybe(bare.get(Label, 1))))
    assert await links(bare) == [8]
    with pytest.raises(KeyError):
        async with entered(bare.begin()):
            await maybe(one.labels.clear())
            assert await links(bare) == []
            raise KeyError
    assert await links(bare) == [8]


async def test_collections_of_nobody(bare: Any) -> None:
    one = await maybe(bare.insert(Note(text="x", labels=ManyToManyCollection([await maybe(bare.get(Label, 1))]))))
    for made in (copy.copy(one.labels), copy.deepcopy(one.labels), pickle.loads(pickle.dumps(one.labels))):
        assert (type(made), [label.id for label in made]) == (ManyToManyCollection, [1])
        with pytest.raises(ProgrammingError, match=r"add\(\) of a collection that belongs to no object.*session\.link"):
            made.add(2)
    labels = one.labels
    del one
    with pytest.raises(ProgrammingError, match="nobody holds its owner"):
        labels.clear()
    empty = await maybe(bare.query(Note).options(noload("labels")).one())
    assert empty.labels == []
    with pytest.raises(ProgrammingError, match=r"Note\.labels leads to Label"):
        await maybe((await maybe(bare.load(empty, "labels"))).labels.add(empty))


def test_relations_without_a_junction_have_no_links() -> None:
    class Owner(Base):
        __tablename__ = "owners_without_links"
        id: Mapped[int] = mapped_column(primary_key=True)
        things: Mapped[ManyToManyCollection[Owned]] = relationship()

    class Owned(Base):
        __tablename__ = "owned_without_links"
        id: Mapped[int] = mapped_column(primary_key=True)
        owner_id: Mapped[int] = mapped_column(ForeignKey("owners_without_links.id"))

    with pytest.raises(ModelError, match=r"Owner\.things: a ManyToManyCollection is for many-to-many relations"):
        _ = Owner.__relationships__["things"].link
