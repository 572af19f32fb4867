"""What becomes of related rows; keys of several columns, keys that the program makes, junctions with columns of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from ferrow import Base, ForeignKey, ForeignKeyConstraint, Mapped, mapped_column, relationship, selectinload
from ferrow.errors import IntegrityError, ModelError, ProgrammingError
from tests.support import maybe
from tests.support.related.reading import rows
from tests.support.sessions import session_of


class Shop(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    shelves: Mapped[list[Shelf]] = relationship(back_populates="shop", cascade="save, delete, orphan", order_by="id")
    staff: Mapped[list[Worker]] = relationship(back_populates="shop", order_by="id")
    safe: Mapped[Safe | None] = relationship(cascade="")


class Shelf(Base):
    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    shop: Mapped[Shop] = relationship(back_populates="shelves")
    boxes: Mapped[list[Box]] = relationship(cascade="save, delete")


class Box(Base):
    __tablename__ = "boxes"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id"))
    labels: Mapped[list[Label]] = relationship(secondary="box_labels")


class Label(Base):
    code: Mapped[str] = mapped_column(primary_key=True)


class BoxLabel(Base):
    __tablename__ = "box_labels"
    id: Mapped[int] = mapped_column(primary_key=True)
    box_id: Mapped[UUID] = mapped_column(ForeignKey("boxes.id"))
    label_code: Mapped[str] = mapped_column(ForeignKey("labels.code"))
    strength: Mapped[int] = mapped_column(default=7)


class Worker(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"))
    shop: Mapped[Shop | None] = relationship(back_populates="staff")


class Safe(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), unique=True)


class Hall(Base):
    town: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    shows: Mapped[list[Show]] = relationship(back_populates="hall", order_by="id")


class Show(Base):
    __table_args__ = (ForeignKeyConstraint(("town", "hall_number"), "halls(town, number)"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    town: Mapped[str | None]
    hall_number: Mapped[int | None]
    hall: Mapped[Hall | None] = relationship(back_populates="shows")


class Pupil(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    courses: Mapped[list[Course]] = relationship(secondary="enrolments")
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="pupil", cascade="save, delete, orphan")


class Course(Base):
    id: Mapped[int] = mapped_column(primary_key=True)


class Enrolment(Base):
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupils.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    grade: Mapped[int]
    pupil: Mapped[Pupil] = relationship(back_populates="enrolments")
    course: Mapped[Course] = relationship()


ALL = (Shop, Shelf, Box, Label, BoxLabel, Worker, Safe, Hall, Show, Pupil, Course, Enrolment)


@pytest.fixture
def session(engine: Any, colour: str, runner: Any) -> Any:

    async def create() -> None:
        await maybe(engine.create_all(*ALL))

    runner.run(create())
    return session_of(engine, colour)


async def test_delete_goes_down(session: Any) -> None:
    boxes = [Box(labels=[Label(code="fragile")]), Box()]
    shop = Shop(name="x", shelves=[Shelf(label="a", boxes=boxes), Shelf(label="b")], staff=[Worker(), Worker()])
    await maybe(session.insert(shop))
    await maybe(session.insert(Safe(shop_id=shop.id)))
    assert len(await rows(session, "boxes", "id, shelf_id")) == 2
    shop = await maybe(session.get(Shop, shop.id))
    await maybe(session.remove(shop))  # nothing of it was loaded
    for table in ("shops", "shelves", "boxes", "box_labels", "safes"):
        assert await rows(session, table, "count(*)", "1") == [(0,)]
    assert await rows(session, "labels", "code", "1") == [("fragile",)]
    assert await rows(session, "workers", "id, shop_id") == [(1, None), (2, None)]  # who may be without a shop


async def test_orphans_are_deleted(session: Any) -> None:
    shop = Shop(name="x", shelves=[Shelf(label="a", boxes=[Box()]), Shelf(label="b")])
    await maybe(session.insert(shop))
    first, second = shop.shelves
    await maybe(session.update(shop, shelves=[second, Shelf(label="c")]))
    assert await rows(session, "shelves", "label", "1") == [("b",), ("c",)]
    assert await rows(session, "boxes", "count(*)", "1") == [(0,)]
    assert first not in shop.shelves


async def test_children_that_are_not_deleted_keep_the_owner(session: Any) -> None:
    pupil = await maybe(session.insert(Pupil()))
    course = await maybe(session.insert(Course()))
    await maybe(session.insert(Enrolment(pupil=pupil, course=course, grade=1)))
    with pytest.raises(IntegrityError):
        await maybe(session.remove(course))
    await maybe(session.remove(pupil))
    assert await rows(session, "enrolments", "count(*)", "1") == [(0,)]


async def test_without_save_nothing_is_inserted(session: Any) -> None:
    with pytest.raises(
        ProgrammingError, match=r"Shop\.safe leads to a Safe that has no row yet, and does not save it \(cascade=''\)"
    ):
        await maybe(session.insert(Shop(name="x", safe=Safe(shop_id=None))))
    assert await rows(session, "shops", "count(*)", "1") == [(0,)]


async def test_keys_the_program_makes(session: Any) -> None:
    known = await maybe(session.insert(Box()))
    shelf = Shelf(label="a", shop=Shop(name="x"), boxes=[known, Box()])
    await maybe(session.insert(shelf))
    assert {row[1] for row in await rows(session, "boxes", "id, shelf_id")} == {shelf.id}
    label = Label(code="fragile")
    await maybe(session.link(known, Box.labels, label))  # new, although it has a key
    again = Box(labels=[Label(code="fragile"), Label(code="heavy")])  # one that is there, and one that is not
    await maybe(session.insert(again))
    assert await rows(session, "labels", "code", "1") == [("fragile",), ("heavy",)]


async def test_a_junction_with_columns_of_its_own(session: Any) -> None:
    box = await maybe(session.insert(Box(labels=[Label(code="a")])))
    await maybe(session.link(box, Box.labels, "a", "a"))  # its pairs are not unique: still one row
    assert await rows(session, "box_labels", "label_code, strength") == [("a", 7)]
    found = await maybe(session.query(Box).options(selectinload("labels")).one())
    assert [label.code for label in found.labels] == ["a"]
    pupil, course = await maybe(session.insert(Pupil())), await maybe(session.insert(Course()))
    with pytest.raises(
        ProgrammingError, match=r"each row of Enrolment needs a value of grade.*Enrolment\(grade=\.\.\.\)"
    ):
        await maybe(session.link(pupil, Pupil.courses, course))


async def test_association_objects(session: Any) -> None:
    pupil = Pupil(enrolments=[Enrolment(course=Course(), grade=1), Enrolment(course=Course(), grade=2)])
    await maybe(session.insert(pupil))
    found = await rows(session, "enrolments", "pupil_id, grade", "2")
    assert found == [(pupil.id, 1), (pupil.id, 2)]
    assert {one.course_id for one in pupil.enrolments} == {one.course.id for one in pupil.enrolments}


async def test_keys_of_several_columns(session: Any) -> None:
    hall = Hall(town="A", number=1, shows=[Show(), Show()])
    await maybe(session.insert(hall))
    assert await rows(session, "shows", "town, hall_number") == [("A", 1), ("A", 1)]
    one, two = hall.shows
    assert one.hall is hall
    other = Hall(town="A", number=2)
    one.hall = other
    await maybe(session.insert(other))
    await maybe(session.update(one))
    assert await rows(session, "shows", "town, hall_number") == [("A", 1), ("A", 2)]
    # The town alone agrees with either; another one does not.
    await maybe(session.insert(Show(town="A", hall=other)))
    with pytest.raises(
        ProgrammingError, match=r"Show\.town is 'B', .* and Show\.hall says Hall with town='A', number=2"
    ):
        await maybe(session.insert(Show(town="B", hall=other)))
    await maybe(session.update(two, hall=None))
    assert (two.town, two.hall_number) == (None, None)


async def test_a_circle_without_a_beginning(session: Any) -> None:
    class Egg(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        hen_id: Mapped[int]
        hen: Mapped[Hen] = relationship(foreign_keys="hen_id")
        __table_args__ = (ForeignKeyConstraint("hen_id", "hens(id)"),)

    class Hen(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        egg_id: Mapped[int] = mapped_column(ForeignKey("eggs.id"))
        egg: Mapped[Egg] = relationship(foreign_keys="egg_id")

    egg, hen = Egg(hen_id=None), Hen(egg_id=None)
    egg.hen, hen.egg = hen, egg
    with pytest.raises(ProgrammingError, match=r"circle \(Egg, Hen\), by foreign keys none of which may be NULL"):
        await maybe(session.insert(egg))


def test_words_of_a_cascade() -> None:
    with pytest.raises(
        ModelError, match=r"cascade='save-update'\): 'save-update' is not understood\. Known: save, delete, orphan"
    ):
        relationship(cascade="save-update")
    with pytest.raises(ModelError, match=r"give words"):
        relationship(cascade=7)  # type: ignore[arg-type]


async def test_cascades_that_make_no_sense(session: Any) -> None:
    class Leaf(Base):
        __tablename__ = "leaves"
        id: Mapped[int] = mapped_column(primary_key=True)
        shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
        shop: Mapped[Shop] = relationship(cascade="save, delete")

    with pytest.raises(ModelError, match=r"Leaf\.shop: cascade='delete' .* is what the foreign key refers to"):
        await maybe(session.insert(Leaf(shop=Shop(name="x"))))
