"""Typed classes."""

from __future__ import annotations

from ferrow import Base, ForeignKey, ForeignKeyConstraint, Mapped, mapped_column, relationship


class Room(Base):
    town: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    talks: Mapped[list[Talk]] = relationship(back_populates="room", order_by="id")
    gear: Mapped[list[Gear]] = relationship(secondary="room_gear", back_populates="rooms", order_by="id")


class Talk(Base):
    __table_args__ = (ForeignKeyConstraint(("town", "room_number"), "rooms(town, number)"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    town: Mapped[str | None]
    room_number: Mapped[int | None]
    room: Mapped[Room | None] = relationship(back_populates="talks")


class Gear(Base):
    __tablename__ = "gear"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    rooms: Mapped[list[Room]] = relationship(secondary="room_gear", back_populates="gear")


class RoomGear(Base):
    __tablename__ = "room_gear"
    __table_args__ = (ForeignKeyConstraint(("town", "number"), "rooms(town, number)"),)

    town: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    gear_id: Mapped[int] = mapped_column(ForeignKey("gear.id"), primary_key=True)


class Folder(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("folders.id"))
    parent: Mapped[Folder | None] = relationship(back_populates="children", remote_side="id")
    children: Mapped[list[Folder]] = relationship(
        back_populates="parent", cascade="save, delete, orphan", order_by="id"
    )


class Person(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    passport: Mapped[Passport | None] = relationship(back_populates="person", cascade="save, delete, orphan")


class Passport(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), unique=True)
    person: Mapped[Person | None] = relationship(back_populates="passport")


class Pupil(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    enrolments: Mapped[list[Enrolment]] = relationship(
        back_populates="pupil", cascade="save, delete, orphan", order_by="course_id"
    )
    courses: Mapped[list[Course]] = relationship(secondary="enrolments", order_by="id")


class Course(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Enrolment(Base):
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupils.id"), primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    grade: Mapped[int]
    pupil: Mapped[Pupil | None] = relationship(back_populates="enrolments")
    course: Mapped[Course | None] = relationship()
