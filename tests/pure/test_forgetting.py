"""What a test declares is unknown to the next one, and what all of them share is known to each as it is to the first."""

from __future__ import annotations

from dataclasses import dataclass, field

from ferrow import Base, Mapped, hints, mapped_column, relationship
from ferrow.model import registry, table_of
from ferrow.repository import model_relations
from ferrow.repository.inferring import Relations
from tests.support.forgetting import forgotten


class Shelf(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list[Book]] = relationship(secondary="kept_by_a_relation")


class Book(Base):
    id: Mapped[int] = mapped_column(primary_key=True)


class Room:
    @dataclass
    class Chair:
        id: int | None = None


@dataclass
class Owner:
    id: int | None = None


def test_models_of_functions_are_forgotten() -> None:
    with forgotten():

        class Passing(Base):
            id: Mapped[int] = mapped_column(primary_key=True)

        @dataclass
        class Used:
            id: int | None = None

        table_of(Used)
        assert {Passing, Used} <= {*registry.everyone()}
    assert not {Passing, Used} & {*registry.everyone()}


def test_models_of_modules_stay() -> None:
    with forgotten():
        table_of(Room.Chair)
    assert Room.Chair in registry.everyone()


def test_junctions_that_only_a_relation_knows() -> None:
    for _ in range(2):
        with forgotten():

            class Passing(Base):
                id: Mapped[int] = mapped_column(primary_key=True)
                books: Mapped[list[Book]] = relationship(secondary="gone_with_its_relation")

            for model in (Shelf, Passing):
                assert table_of(model).relations["books"].link.junction
            assert told_by("gone_with_its_relation", "Passing.books")
        assert told_by("kept_by_a_relation", "Shelf.books")
        assert not told_by("gone_with_its_relation", "Passing.books")


def told_by(table: str, relation: str) -> bool:
    assert hints.junction_of is not None
    return (hints.junction_of(table) or "").startswith(f"{relation} has secondary=")


def test_relations_that_another_class_tells() -> None:
    held: list[type] = []

    def declare() -> type:
        @dataclass
        class Dog:
            id: int | None = None
            owner_id: int | None = field(default=None, metadata={"fk": (Owner, "id")})

        held.append(Dog)
        return Dog

    for _ in range(2):
        with forgotten():
            assert model_relations(Owner) == {}
            dog = declare()
            assert model_relations(Owner)["dogs"].model is dog
            assert Relations(Owner).link("dogs").model is dog
