"""Pydantic models."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel

from ferrow import ForeignKey, ForeignKeyConstraint, mapped_column, relationship


class Room(BaseModel):
    town: Annotated[str, mapped_column(primary_key=True)]
    number: Annotated[int, mapped_column(primary_key=True)]
    talks: Annotated[list[Talk], relationship(back_populates="room", order_by="id")] = []
    gear: Annotated[list[Gear], relationship(secondary="room_gear", back_populates="rooms", order_by="id")] = []


class Talk(BaseModel):
    __table_args__: ClassVar[Any] = (ForeignKeyConstraint(("town", "room_number"), "rooms(town, number)"),)

    id: int | None = None
    town: str | None = None
    room_number: int | None = None
    room: Annotated[Room | None, relationship(back_populates="talks")] = None


class Gear(BaseModel):
    __tablename__: ClassVar[str] = "gear"

    id: int | None = None
    name: str
    rooms: Annotated[list[Room], relationship(secondary="room_gear", back_populates="gear")] = []


class RoomGear(BaseModel):
    __tablename__: ClassVar[str] = "room_gear"
    __table_args__: ClassVar[Any] = (ForeignKeyConstraint(("town", "number"), "rooms(town, number)"),)

    town: Annotated[str, mapped_column(primary_key=True)]
    number: Annotated[int, mapped_column(primary_key=True)]
    gear_id: Annotated[int, ForeignKey("gear.id"), mapped_column(primary_key=True)]


class Folder(BaseModel):
    id: int | None = None
    name: str
    parent_id: Annotated[int | None, ForeignKey("folders.id")] = None
    parent: Annotated[Folder | None, relationship(back_populates="children", remote_side="id")] = None
    children: Annotated[
        list[Folder], relationship(back_populates="parent", cascade="save, delete, orphan", order_by="id")
    ] = []


class Person(BaseModel):
    id: int | None = None
    name: str
    passport: Annotated[Passport | None, relationship(back_populates="person", cascade="save, delete, orphan")] = None


class Passport(BaseModel):
    id: int | None = None
    code: str
    person_id: Annotated[int | None, ForeignKey("persons.id"), mapped_column(unique=True)] = None
    person: Annotated[Person | None, relationship(back_populates="passport")] = None


class Pupil(BaseModel):
    id: int | None = None
    name: str
    enrolments: Annotated[
        list[Enrolment], relationship(back_populates="pupil", cascade="save, delete, orphan", order_by="course_id")
    ] = []
    courses: Annotated[list[Course], relationship(secondary="enrolments", order_by="id")] = []


class Course(BaseModel):
    id: int | None = None
    name: str


class Enrolment(BaseModel):
    pupil_id: Annotated[int | None, ForeignKey("pupils.id"), mapped_column(primary_key=True)] = None
    course_id: Annotated[int | None, ForeignKey("courses.id"), mapped_column(primary_key=True)] = None
    grade: int
    pupil: Annotated[Pupil | None, relationship(back_populates="enrolments")] = None
    course: Annotated[Course | None, relationship()] = None
