"""Relations: none of these lines is a complaint."""

from __future__ import annotations

from typing import assert_type

from ferrow import (
    AsyncSession,
    Base,
    ForeignKey,
    Mapped,
    Q,
    Session,
    aliased,
    joinedload,
    lazyload,
    mapped_column,
    noload,
    raiseload,
    relationship,
    selectinload,
)
from ferrow.orm import LoadOption
from ferrow.sql import ColumnRef, Condition


class City(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    people: Mapped[list[Person]] = relationship(back_populates="city")


class Person(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    city_id: Mapped[int | None] = mapped_column(ForeignKey("citys.id"))
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    city: Mapped[City | None] = relationship(back_populates="people")
    boss: Mapped[Person | None] = relationship(back_populates="reports", remote_side="id")
    reports: Mapped[list[Person]] = relationship(back_populates="boss", order_by=["-name", "id"])
    friends: Mapped[list[Person]] = relationship(secondary="friends", foreign_keys=["a", "b"], lazy="selectin")


def conditions(session: Session, person: Person, city: City) -> None:
    assert_type(Person.city == city, Condition)
    assert_type(Person.city == None, Condition)  # noqa: E711
    assert_type(Person.city != city, Condition)
    assert_type(Person.city.in_([city, None]), Condition)
    assert_type(Person.city.is_null(), Condition)
    assert_type(City.people.any(), Condition)
    assert_type(City.people.any(Person.name == "Ada", boss=None), Condition)
    assert_type(Person.city.has(City.name.ilike("l%") & (City.id > 1)), Condition)
    assert_type(Person.city.has(Q(name="x") | Q(name="y")), Condition)
    session.query(Person).filter(~City.people.any(Person.id == 1), Person.city == city, city=city, city__name="x")


def objects(person: Person, city: City) -> None:
    assert_type(person.city, City | None)
    assert_type(city.people, list[Person])
    assert_type(person.reports[0].boss, Person | None)
    person.city = city


def options(session: Session, aio: AsyncSession) -> None:
    assert_type(selectinload("people.city"), LoadOption)
    assert_type(selectinload(City.people).joinedload(Person.boss), LoadOption)
    found = session.query(City).options(selectinload(City.people), noload("people.boss"), raiseload("people.city"))
    assert_type(found.all(), list[City])
    assert_type(found.first(), City | None)
    session.query(Person).options(joinedload(Person.city), lazyload(Person.reports))
    aio.query(Person).options(joinedload("city"))
    some = selectinload(City.people).where(Person.name == "x", id__gt=1).order_by("-id", Person.name).limit(3).offset(1)
    assert_type(some, LoadOption)
    assert_type(some.filter(name="x").with_deleted().only_deleted().unscoped().selectinload("boss"), LoadOption)
    session.query(Person).options(selectinload(Person.reports).recursive(), joinedload("boss").recursive(2))


def aliases(session: Session) -> None:
    boss = aliased(Person, "boss")
    assert_type(boss, type[Person])
    assert_type(boss.name, ColumnRef[str])
    assert_type(session.query(boss).all(), list[Person])
    session.query(Person).join(Person.boss.to(boss)).filter(boss.name == "Ada")
    session.query(Person).left_join(Person.city)


def written(session: Session, city: City, people: list[Person]) -> None:
    """What relations write, and loading later."""
    person = Person(name="Ada", city=city, boss=None)
    city.people.append(person)
    assert_type(session.insert(person), Person)
    assert_type(session.update(person, city=None), Person)
    assert_type(session.load(person, Person.city, "boss.city"), Person)
    assert_type(session.load_for(people, selectinload(Person.city)), list[Person])
    assert_type(session.clear_links(city, City.people), int)
    session.link(city, City.people, person, 7)
    session.unlink(city, "people", person)
    person.load("city", Person.boss, some_of(person))


def some_of(person: Person) -> LoadOption:
    """Options may be given away."""
    return selectinload("reports").limit(1)


async def written_later(session: AsyncSession, person: Person) -> None:
    """The same, awaited."""
    assert_type(await session.load(person, "city"), Person)
    assert_type(await session.load_for([person], "city"), list[Person])
    assert_type(await session.clear_links(person, "reports"), int)
    assert_type(await person.load("city"), Person)


class Owner(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    pets: Mapped[list[Person]] = relationship(cascade="save, delete, orphan")
