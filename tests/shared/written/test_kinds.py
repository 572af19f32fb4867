"""Kinds of relations, each loaded, assigned, appended to, taken from and deleted, in every model style; those of `tests.support.kinds`.

Belongs-to, has-many, many-to-many between numbers, two foreign keys to one table: test_unit, test_updating and ../relations/test_loading.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import joinedload, selectinload
from ferrow.errors import IntegrityError
from tests.shared.written.conftest import Open
from tests.support import maybe
from tests.support.kinds import create, fill, kinds
from tests.support.related.reading import rows
from tests.support.sessions import session_of


@pytest.fixture
def models(style: str) -> ModuleType:
    return kinds(style)


@pytest.fixture
def bare(engine: Any, colour: str, models: ModuleType, runner: Any) -> Any:
    """A session outside of any block, on the rows of `tests.support.kinds`."""
    made = session_of(engine, colour)
    runner.run(create(engine, models))
    runner.run(fill(made, models))
    return made


def one(session: Any, model: Any, option: Any = None, **keywords: Any) -> Any:
    query = session.query(model).filter(**keywords)
    return maybe((query if option is None else query.options(option)).one())


OPTIONS = (selectinload, joinedload)


# --- keys of several columns ---------------------------------------------------------------------------------------------


async def talks(bare: Any) -> Any:
    return await rows(bare, "talks", "id, town, room_number", "1")


async def test_several_columns_load(bare: Any, models: ModuleType) -> None:
    m = models
    for option in OPTIONS:
        rooms = await maybe(
            bare.query(m.Room).options(option("talks"), option("gear")).order_by("town", "number").all()
        )
        assert [[talk.id for talk in room.talks] for room in rooms] == [[1, 2], [3], []]
        assert [[gear.name for gear in room.gear] for room in rooms] == [["beamer", "mike"], ["mike"], []]
        assert rooms[0].gear[1] is rooms[1].gear[0]
        found = await maybe(bare.query(m.Talk).options(option("room")).order_by("id").all())
        assert [talk.room and (talk.room.town, talk.room.number) for talk in found] == [
            ("A", 1), ("A", 1), ("A", 2), None
        ]  # fmt: skip
        assert found[0].room is found[1].room
    latest = selectinload("talks").order_by("-id").limit(1)
    rooms = await maybe(bare.query(m.Room).options(latest).order_by("town", "number").all())
    assert [[talk.id for talk in room.talks] for room in rooms] == [[2], [3], []]
    first = selectinload("gear").where(name__ne="beamer").limit(1)
    rooms = await maybe(bare.query(m.Room).options(first).order_by("town", "number").all())
    assert [[gear.name for gear in room.gear] for room in rooms] == [["mike"], ["mike"], []]


async def test_several_columns_written(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        b1 = await one(session, m.Room, town="B")
        a1 = await one(session, m.Room, selectinload("talks"), town="A", number=1)
        first, second = a1.talks
        talk = await one(session, m.Talk, joinedload("room"), id=3)
        talk.room = b1
        a1.talks.remove(second)
        loose = await one(session, m.Talk, id=4)
        a1.talks.append(loose)
        a1.talks.append(m.Talk())
        await maybe(session.commit())
        assert (talk.town, talk.room_number, second.town, second.room_number) == ("B", 1, None, None)
        assert [each.id for each in a1.talks] == [first.id, 4, 5]
    assert await talks(bare) == [(1, "A", 1), (2, None, None), (3, "B", 1), (4, "A", 1), (5, "A", 1)]
    async with unit() as session:
        await maybe(session.delete(await one(session, m.Room, town="B")))
        await maybe(session.commit())
    assert (await talks(bare))[2] == (3, None, None)  # freed


async def test_several_columns_through_a_junction(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        rooms = await maybe(session.query(m.Room).options(selectinload("gear")).order_by("town", "number").all())
        beamer, mike = rooms[0].gear
        rooms[0].gear.remove(mike)
        rooms[2].gear.append(beamer)
        rooms[2].gear.append(m.Gear(name="piano"))
        rooms[1].gear = []
        await maybe(session.commit())
    assert await rows(bare, "room_gear", "town, number, gear_id", "1, 2, 3") == [("A", 1, 1), ("B", 1, 1), ("B", 1, 3)]
    async with unit() as session:
        await maybe(session.delete(await one(session, m.Room, town="B")))
        await maybe(session.commit())
    assert await rows(bare, "room_gear", "town, number, gear_id", "1, 2, 3") == [("A", 1, 1)]
    assert await rows(bare, "gear", "count(*)", "1") == [(3,)]


# --- a tree --------------------------------------------------------------------------------------------------------------


def tree(folder: Any) -> Any:
    return {child.name: tree(child) for child in folder.children}


async def folders(bare: Any) -> Any:
    return await rows(bare, "folders", "name, parent_id", "1")


async def test_a_tree_loads(bare: Any, models: ModuleType) -> None:
    m = models
    for option in OPTIONS:
        root = await one(bare, m.Folder, option("children").recursive(), id=1)
        assert tree(root) == {"etc": {"conf": {}}, "home": {}}
        leaf = await one(bare, m.Folder, option("parent").recursive(), id=4)
        assert (leaf.parent.name, leaf.parent.parent.name, leaf.parent.parent.parent) == ("etc", "root", None)


async def test_a_tree_written(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        root = await one(session, m.Folder, selectinload("children").recursive(), id=1)
        etc, home = root.children
        (conf,) = etc.children
        etc.children.remove(conf)
        home.children.append(conf)  # it moves, and is no orphan
        home.children.append(m.Folder(name="new", children=[m.Folder(name="deep")]))
        await maybe(session.commit())
    assert await folders(bare) == [("conf", 3), ("deep", 5), ("etc", 1), ("home", 1), ("new", 3), ("root", None)]
    async with unit() as session:
        conf = await one(session, m.Folder, joinedload("parent"), id=4)
        conf.parent = await one(session, m.Folder, id=1)
        await maybe(session.commit())
        root = await one(session, m.Folder, selectinload("children").recursive(), id=1)
        assert tree(root) == {"conf": {}, "etc": {}, "home": {"new": {"deep": {}}}}
        root.children.remove(next(child for child in root.children if child.name == "home"))
        await maybe(session.commit())  # an orphan, and all below it
    assert await folders(bare) == [("conf", 1), ("etc", 1), ("root", None)]
    async with unit() as session:
        await maybe(session.delete(await one(session, m.Folder, id=1)))
        await maybe(session.commit())
    assert await folders(bare) == []


async def test_a_part_of_a_tree_deletes_no_more_than_it_shows(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        root = await one(session, m.Folder, selectinload("children").where(name="home").recursive(), id=1)
        assert tree(root) == {"home": {}}
        root.children.pop()
        await maybe(session.commit())
    assert await folders(bare) == [("conf", 2), ("etc", 1), ("root", None)]


# --- one to one ----------------------------------------------------------------------------------------------------------


async def passports(bare: Any) -> Any:
    return await rows(bare, "passports", "code, person_id", "1")


async def test_one_to_one_loads(bare: Any, models: ModuleType) -> None:
    m = models
    for option in OPTIONS:
        found = await maybe(bare.query(m.Person).options(option("passport")).order_by("id").all())
        assert [one.passport and one.passport.code for one in found] == ["P1", None]
        assert (await one(bare, m.Passport, option("person"))).person.name == "Ada"


async def test_one_to_one_written(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        ada, bob = await maybe(session.query(m.Person).options(selectinload("passport")).order_by("id").all())
        bob.passport = m.Passport(code="P2")
        await maybe(session.commit())
        assert bob.passport.person_id == 2
        ada.passport = None  # an orphan
        await maybe(session.commit())
    assert await passports(bare) == [("P2", 2)]
    async with unit() as session:
        p2 = await one(session, m.Passport, selectinload("person"), id=2)
        p2.person = await one(session, m.Person, id=1)
        await maybe(session.commit())
    assert await passports(bare) == [("P2", 1)]
    async with unit() as session:
        await maybe(session.delete(await one(session, m.Person, id=1)))
        await maybe(session.commit())
    assert await passports(bare) == []


# --- an association model ------------------------------------------------------------------------------------------------


async def enrolments(bare: Any) -> Any:
    return await rows(bare, "enrolments", "pupil_id, course_id, grade", "1, 2")


async def test_an_association_loads(bare: Any, models: ModuleType) -> None:
    m = models
    for option in OPTIONS:
        cy = await one(bare, m.Pupil, option("enrolments.course"))
        assert [(each.course.name, each.grade) for each in cy.enrolments] == [("Maths", 1), ("Latin", 2)]
    cy = await one(bare, m.Pupil, selectinload("courses").order_by("-name").limit(1))
    assert [course.name for course in cy.courses] == ["Maths"]
    cy = await one(bare, m.Pupil, selectinload("enrolments").where(course__name="Latin").joinedload("course"))
    assert [each.course.name for each in cy.enrolments] == ["Latin"]


async def test_an_association_written(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        cy = await one(session, m.Pupil, selectinload("enrolments"))
        cy.enrolments[0].grade = 6
        cy.enrolments.append(m.Enrolment(course=m.Course(name="Art"), grade=3))
        await maybe(session.commit())
        assert cy.enrolments[2].pupil_id == 1
        cy.enrolments.remove(cy.enrolments[1])  # an orphan
        await maybe(session.commit())
    assert await enrolments(bare) == [(1, 1, 6), (1, 3, 3)]
    new = m.Pupil(name="Di", enrolments=[m.Enrolment(course_id=1, grade=2)])
    await maybe(bare.insert(new))
    assert await enrolments(bare) == [(1, 1, 6), (1, 3, 3), (2, 1, 2)]
    with pytest.raises(IntegrityError):
        await maybe(bare.remove(await one(bare, m.Course, id=1)))  # its rows have no cascade from here
    async with unit() as session:
        await maybe(session.delete(await one(session, m.Pupil, id=1)))
        await maybe(session.commit())
    assert await enrolments(bare) == [(2, 1, 2)]
    assert await rows(bare, "courses", "count(*)", "1") == [(3,)]


async def test_half_a_key_is_nobody_elses(bare: Any, models: ModuleType) -> None:
    """A row with one part of a key of two refers to nothing, so to no other row either."""
    town, number = "Nowhere", 1
    await maybe(bare.insert_all([models.Room(town=town, number=1), models.Room(town=town, number=2)]))
    keys = [(town, 1), (town, 2), (None, 2), ("Elsewhere", None), (None, None)]
    talks = [models.Talk(id=90 + place, town=key[0], room_number=key[1]) for place, key in enumerate(keys)]
    await maybe(bare.insert_all(talks))
    for keywords in (
        {"room__ne": (town, number)},
        {"room__notin": [(town, number)]},
        {"room__notin": [(town, 1), None]},
    ):
        query = bare.query(models.Talk).filter(id__gte=90, **keywords).order_by("id")
        assert await maybe(query.values_list("id", flat=True)) == [91], keywords
