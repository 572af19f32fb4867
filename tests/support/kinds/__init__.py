"""Models of the kinds of relations that `tests.support.related` has not: keys of several columns, a tree and a one-to-one with cascades,
an association model; the same in each model style.

Room (town, number) 1-n Talk, n-m Gear through RoomGear; Folder in Folder; Person 1-1 Passport; Pupil 1-n Enrolment n-1 Course.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from tests.support import maybe

TABLES = ("Room", "Talk", "Gear", "RoomGear", "Folder", "Person", "Passport", "Pupil", "Course", "Enrolment")


def kinds(style: str) -> ModuleType:
    """The module in the given style."""
    return importlib.import_module(f"tests.support.kinds.{style}_style")


async def create(engine: Any, models: ModuleType) -> None:
    await maybe(engine.create_all(*[getattr(models, name) for name in TABLES]))


async def fill(session: Any, m: ModuleType) -> None:
    """Rooms A1 (Talks 1, 2; gear beamer, mike), A2 (Talk 3; mike), B1; folders root/(etc/conf, home); Ada with a passport, Bob without;
    Cy in Maths (1) and Latin (2)."""
    rows: list[Any] = [
        m.Room(town="A", number=1),
        m.Room(town="A", number=2),
        m.Room(town="B", number=1),
        m.Talk(town="A", room_number=1),
        m.Talk(town="A", room_number=1),
        m.Talk(town="A", room_number=2),
        m.Talk(),
        m.Gear(name="beamer"),
        m.Gear(name="mike"),
        m.RoomGear(town="A", number=1, gear_id=1),
        m.RoomGear(town="A", number=1, gear_id=2),
        m.RoomGear(town="A", number=2, gear_id=2),
        m.Folder(name="root"),
        m.Folder(name="etc", parent_id=1),
        m.Folder(name="home", parent_id=1),
        m.Folder(name="conf", parent_id=2),
        m.Person(name="Ada"),
        m.Person(name="Bob"),
        m.Passport(code="P1", person_id=1),
        m.Pupil(name="Cy"),
        m.Course(name="Maths"),
        m.Course(name="Latin"),
        m.Enrolment(pupil_id=1, course_id=1, grade=1),
        m.Enrolment(pupil_id=1, course_id=2, grade=2),
    ]
    await maybe(session.insert_all(rows))  # the server numbers them, from 1 on
