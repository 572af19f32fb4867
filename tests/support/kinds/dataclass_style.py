"""Dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from ferrow import ForeignKeyConstraint, relationship


@dataclass(kw_only=True)
class Room:
    town: str = field(metadata={"pk": True})
    number: int = field(metadata={"pk": True})
    talks: Annotated[list[Talk], relationship(back_populates="room", order_by="id")] = field(default_factory=list)
    gear: Annotated[list[Gear], relationship(secondary="room_gear", back_populates="rooms", order_by="id")] = field(
        default_factory=list
    )


@dataclass(kw_only=True)
class Talk:
    __table_args__ = (ForeignKeyConstraint(("town", "room_number"), "rooms(town, number)"),)

    id: int | None = None
    town: str | None = None
    room_number: int | None = None
    room: Annotated[Room | None, relationship(back_populates="talks")] = None


@dataclass(kw_only=True)
class Gear:
    __tablename__ = "gear"

    id: int | None = None
    name: str
    rooms: Annotated[list[Room], relationship(secondary="room_gear", back_populates="gear")] = field(
        default_factory=list
    )


@dataclass(kw_only=True)
class RoomGear:
    __tablename__ = "room_gear"
    __table_args__ = (ForeignKeyConstraint(("town", "number"), "rooms(town, number)"),)

    town: str = field(metadata={"pk": True})
    number: int = field(metadata={"pk": True})
    gear_id: int = field(metadata={"pk": True, "fk": "gear.id"})


@dataclass(kw_only=True, slots=True)
class Folder:
    id: int | None = None
    name: str
    parent_id: int | None = field(default=None, metadata={"fk": "folders.id"})
    parent: Annotated[Folder | None, relationship(back_populates="children", remote_side="id")] = None
    children: Annotated[
        list[Folder], relationship(back_populates="parent", cascade="save, delete, orphan", order_by="id")
    ] = field(default_factory=list)


@dataclass(kw_only=True)
class Person:
    id: int | None = None
    name: str
    passport: Annotated[Passport | None, relationship(back_populates="person", cascade="save, delete, orphan")] = None


@dataclass(kw_only=True)
class Passport:
    id: int | None = None
    code: str
    person_id: int | None = field(default=None, metadata={"fk": "persons.id", "unique": True})
    person: Annotated[Person | None, relationship(back_populates="passport")] = None


@dataclass(kw_only=True)
class Pupil:
    id: int | None = None
    name: str
    enrolments: Annotated[
        list[Enrolment], relationship(back_populates="pupil", cascade="save, delete, orphan", order_by="course_id")
    ] = field(default_factory=list)
    courses: Annotated[list[Course], relationship(secondary="enrolments", order_by="id")] = field(default_factory=list)


@dataclass(kw_only=True)
class Course:
    id: int | None = None
    name: str


@dataclass(kw_only=True)
class Enrolment:
    pupil_id: int | None = field(default=None, metadata={"pk": True, "fk": "pupils.id"})
    course_id: int | None = field(default=None, metadata={"pk": True, "fk": "courses.id"})
    grade: int
    pupil: Annotated[Pupil | None, relationship(back_populates="enrolments")] = None
    course: Annotated[Course | None, relationship()] = None
