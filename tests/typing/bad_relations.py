"""Mistakes with relations that both checkers catch."""

from __future__ import annotations

from ferrow import Base, ForeignKey, Mapped, Session, aliased, joinedload, mapped_column, relationship, selectinload


class City(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    people: Mapped[list[Person]] = relationship()


class Person(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    city_id: Mapped[int | None] = mapped_column(ForeignKey("citys.id"))
    city: Mapped[City | None] = relationship()


class Wrong(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    one: Mapped[City] = relationship(uselists=False)  # E
    two: Mapped[City] = relationship(secondary=5)  # E
    three: Mapped[City] = relationship(back_populates=City)  # E


def conditions(session: Session, person: Person, city: City) -> None:
    session.query(Person).filter(Person.city == person)  # E
    session.query(Person).filter(Person.city.in_([person]))  # E
    session.query(Person).filter(Person.citi.has())  # E
    session.query(Person).filter(Person.city.all())  # E
    session.query(City).filter(City.people.name == "x")  # E
    session.query(City).filter(City.people.has)  # E


def options(session: Session) -> None:
    session.query(City).options("people")  # E
    session.query(City).options(selectinload)  # E
    session.query(City).options(selectinload(5))  # E
    session.query(City).options(selectinload("people").joinload("city"))  # E
    session.query(City).options(selectinload(City.persons))  # E
    joinedload(depth=2)  # E
    selectinload("people").limit("3")  # E
    selectinload("people").where("name = 1")  # E
    selectinload("people").order_by(5)  # E
    selectinload("people").recursive("all")  # E
    selectinload("people").with_deleted(True)  # E


def objects(person: Person, city: City) -> None:
    _ = city.people.name  # E
    _ = person.city.name  # E
    person.city = person  # E
    city.people = person  # E


def aliases(session: Session) -> None:
    aliased(Person)  # E
    other = aliased(Person, "other")
    session.query(Person).filter(other.nmae == "x")  # E
    session.query(Person).filter(other.id > "x")  # E


def written(session: Session, person: Person, city: City) -> None:
    Person(name="Ada", city=person)  # E
    city.people.append(city)  # E
    session.load(person, 7)  # E
    session.load_for(person, "city")  # E
    session.link(city)  # E
    session.unlink(city, 7)  # E
    session.clear_links(city, "people", person)  # E
    relationship(cascade=True)  # E
    _ = session.load(person, "city").nmae  # E
