"""Which columns hold the two sides of a relation together, and what is said where that cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from ferrow.errors import ModelError
from ferrow.model import Base, ForeignKey, ForeignKeyConstraint, Mapped, mapped_column, relationship, table_of
from ferrow.model.link import Link


@dataclass
class Owner:
    id: int
    pet: Annotated[Pet | None, relationship(uselist=False)] = None


@dataclass
class Pet:
    id: int
    owner_id: int = field(metadata={"fk": "owners.id"})
    owner: Annotated[Owner | None, relationship()] = None


def link(model: type, key: str) -> Link:
    return table_of(model).relations[key].link


def pairs(model: type, key: str) -> list[tuple[str, str]]:
    return [(mine.key, theirs.key) for mine, theirs in link(model, key).pairs]


def junction(model: type, key: str) -> tuple[str, list[str], list[str]]:
    found = link(model, key).junction
    assert found is not None
    return found.ref.name, [column.name for _, column in found.near], [column.name for _, column in found.far]


def refused(model: type, key: str) -> str:
    with pytest.raises(ModelError) as caught:
        link(model, key)
    return str(caught.value)


def test_both_sides_of_one_foreign_key() -> None:
    class User(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        posts: Mapped[list[Post]] = relationship(back_populates="author")
        post: Mapped[list[Post]] = relationship(uselist=False)

    class Post(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        author: Mapped[User] = relationship(back_populates="posts")

    assert pairs(User, "posts") == [("id", "author_id")]
    assert pairs(Post, "author") == [("author_id", "id")]
    assert (link(User, "posts").many, link(Post, "author").many, link(User, "post").many) == (True, False, False)
    assert (link(User, "posts").belongs, link(Post, "author").belongs) == (False, True)


def test_a_key_need_not_be_the_primary_one() -> None:
    class Country(Base):
        __tablename__ = "countries"
        id: Mapped[int] = mapped_column(primary_key=True)
        code: Mapped[str] = mapped_column(unique=True, name="iso")
        towns: Mapped[list[Town]] = relationship()

    class Town(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        country_code: Mapped[str] = mapped_column(ForeignKey("countries.iso"))
        country: Mapped[Country] = relationship()

    assert pairs(Town, "country") == [("country_code", "code")]
    assert pairs(Country, "towns") == [("code", "country_code")]


def test_one_to_one_from_either_side() -> None:
    """O-D25: a single object whose foreign key is on the other side."""

    assert pairs(Owner, "pet") == [("id", "owner_id")]
    assert pairs(Pet, "owner") == [("owner_id", "id")]
    assert (link(Owner, "pet").many, link(Pet, "owner").many) == (False, False)


def test_several_foreign_keys_to_one_table() -> None:
    """O-D25: the first foreign key was used for both, and `foreign_keys` disabled the relation."""

    class Person(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        sent: Mapped[list[Letter]] = relationship(foreign_keys="Letter.sender_id")
        received: Mapped[list[Letter]] = relationship(back_populates="recipient")
        unclear: Mapped[list[Letter]] = relationship()
        wrong: Mapped[list[Letter]] = relationship(foreign_keys="id")
        misspelt: Mapped[list[Letter]] = relationship(foreign_keys="sendr_id")

    class Letter(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        sender_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
        recipient_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
        sender: Mapped[Person] = relationship(foreign_keys=["sender_id"])
        recipient: Mapped[Person] = relationship(foreign_keys="recipient_id", back_populates="received")
        anybody: Mapped[Person] = relationship()

    assert pairs(Person, "sent") == [("id", "sender_id")]
    assert pairs(Person, "received") == [("id", "recipient_id")]
    assert pairs(Letter, "sender") == [("sender_id", "id")]
    assert pairs(Letter, "recipient") == [("recipient_id", "id")]
    both = "Letter.sender_id, Letter.recipient_id"
    fix = "relationship(foreign_keys='Letter.sender_id')"
    assert refused(Person, "unclear").startswith(
        "Person.unclear: several foreign keys join persons and letters: " + both
    )
    assert fix in refused(Person, "unclear")
    assert fix in refused(Letter, "anybody")
    assert f"Foreign keys between them: {both}" in refused(Person, "wrong")
    assert "Did you mean 'Letter.sender_id'?" in refused(Person, "misspelt")


def test_a_model_and_itself() -> None:
    class Node(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
        next_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"), unique=True)
        parent: Mapped[Node | None] = relationship(foreign_keys="parent_id", back_populates="children")
        children: Mapped[list[Node]] = relationship(back_populates="parent")
        next: Mapped[Node | None] = relationship(foreign_keys="next_id", remote_side="id", back_populates="previous")
        previous: Mapped[Node | None] = relationship(foreign_keys="next_id", back_populates="next")
        unclear: Mapped[Node | None] = relationship(foreign_keys="next_id", back_populates="unclear_too")
        unclear_too: Mapped[Node | None] = relationship(foreign_keys="next_id", back_populates="unclear")

    assert pairs(Node, "parent") == [("parent_id", "id")]
    assert pairs(Node, "children") == [("id", "parent_id")]
    assert pairs(Node, "next") == [("next_id", "id")]
    assert pairs(Node, "previous") == [("id", "next_id")]
    assert "remote_side='id'" in refused(Node, "unclear")
    assert "remote_side='next_id'" in refused(Node, "unclear")


def test_foreign_keys_both_ways() -> None:
    class Team(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        captain_id: Mapped[int | None] = mapped_column(ForeignKey("players.id"))
        captain: Mapped[Player | None] = relationship(foreign_keys="captain_id")
        players: Mapped[list[Player]] = relationship()
        unclear: Mapped[Player | None] = relationship()

    class Player(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
        team: Mapped[Team | None] = relationship(back_populates="players")

    assert pairs(Team, "captain") == [("captain_id", "id")]
    assert pairs(Team, "players") == [("id", "team_id")]
    assert pairs(Player, "team") == [("team_id", "id")]
    assert "Team.captain_id, Player.team_id" in refused(Team, "unclear")


def test_keys_of_several_columns() -> None:
    class Seat(Base):
        hall: Mapped[str] = mapped_column(primary_key=True)
        number: Mapped[int] = mapped_column(primary_key=True)
        tickets: Mapped[list[Ticket]] = relationship(back_populates="seat")

    class Ticket(Base):
        __table_args__ = (ForeignKeyConstraint(("hall", "seat_number"), "seats(hall, number)"),)
        id: Mapped[int] = mapped_column(primary_key=True)
        hall: Mapped[str]
        seat_number: Mapped[int]
        seat: Mapped[Seat] = relationship(back_populates="tickets")

    assert pairs(Ticket, "seat") == [("hall", "hall"), ("seat_number", "number")]
    assert pairs(Seat, "tickets") == [("hall", "hall"), ("number", "seat_number")]


def test_no_foreign_key() -> None:
    class Left(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        right_id: Mapped[int] = mapped_column(ForeignKey("rights.id"))
        none: Mapped[Other] = relationship()
        many: Mapped[list[Other]] = relationship()
        not_many: Mapped[list[Right]] = relationship()
        mute: Mapped[Right] = relationship(back_populates="leftt")
        strange: Mapped[Right] = relationship(back_populates="others")

    class Right(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        left: Mapped[Left] = relationship()
        others: Mapped[list[Other]] = relationship()

    class Other(Base):
        key: Mapped[int] = mapped_column(primary_key=True)

    assert refused(Left, "none") == (
        "Left.none: there is no foreign key between lefts and others. "
        'Declare one in Left, ForeignKey("others.key"), or in Other, ForeignKey("lefts.id").'
    )
    assert 'Declare one in Other, ForeignKey("lefts.id"), or name a junction table' in refused(Left, "many")
    assert "annotate it as Right without list" in refused(Left, "not_many")
    assert "Right has no such relation. Did you mean 'left'?" in refused(Left, "mute")
    assert "Right.others is a relation to" in refused(Left, "strange")


def test_the_foreign_keys_of_a_junction_say_which_column_is_whose() -> None:
    """O-D25: names were guessed, `categorie_id` for categories and `addre_id` for address."""

    class Address(Base):
        __tablename__ = "address"
        id: Mapped[int] = mapped_column(primary_key=True)
        categories: Mapped[list[Category]] = relationship(secondary="address_categories")

    class Category(Base):
        __tablename__ = "categories"
        id: Mapped[int] = mapped_column(primary_key=True)
        addresses: Mapped[list[Address]] = relationship(secondary="AddressCategory", back_populates="categories")
        same: Mapped[list[Address]] = relationship(secondary="nowhere_declared")

    class AddressCategory(Base):
        __tablename__ = "address_categories"
        of: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True)
        what: Mapped[int] = mapped_column(ForeignKey("categories.id"), primary_key=True)

    assert junction(Address, "categories") == ("address_categories", ["of"], ["what"])
    assert junction(Category, "addresses") == ("address_categories", ["what"], ["of"])
    # A table that no model describes: the classes' names, in lower case.
    assert junction(Category, "same") == ("nowhere_declared", ["category_id"], ["address_id"])


def test_a_junction_given_as_a_model_of_any_style() -> None:
    class Tagging(BaseModel):
        item: Annotated[int, ForeignKey("items.id"), mapped_column(primary_key=True)]
        tag: Annotated[int, ForeignKey("labels.id"), mapped_column(primary_key=True)]

    class Item(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        labels: Mapped[list[Label]] = relationship(secondary=Tagging)

    class Label(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        items: Mapped[list[Item]] = relationship(secondary=Tagging, back_populates="labels")
        others: Mapped[list[Label]] = relationship(secondary=Tagging)
        far: Mapped[list[Item]] = relationship(secondary=Tagging, remote_side="id")

    assert junction(Item, "labels") == ("taggings", ["item"], ["tag"])
    assert junction(Label, "items") == ("taggings", ["tag"], ["item"])
    assert "needs two foreign keys to it, and there is tag" in refused(Label, "others")
    assert "remote_side has no meaning with secondary" in refused(Label, "far")


def test_a_junction_of_a_model_with_itself() -> None:
    class Friend(Base):
        a: Mapped[int] = mapped_column(ForeignKey("humans.id"), primary_key=True)
        b: Mapped[int] = mapped_column(ForeignKey("humans.id"), primary_key=True)
        since: Mapped[int | None] = mapped_column(default=None)

    class Human(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        likes: Mapped[list[Human]] = relationship(secondary=Friend, foreign_keys="a", back_populates="liked_by")
        liked_by: Mapped[list[Human]] = relationship(secondary=Friend, back_populates="likes")
        unclear: Mapped[list[Human]] = relationship(secondary=Friend)
        unknown: Mapped[list[Human]] = relationship(secondary="unknown_table")
        misspelt: Mapped[list[Human]] = relationship(secondary=Friend, foreign_keys="sinc")

    assert junction(Human, "likes") == ("friends", ["a"], ["b"])
    assert junction(Human, "liked_by") == ("friends", ["b"], ["a"])
    assert "foreign_keys=['a', 'b']" in refused(Human, "unclear")
    assert "nothing is known of the junction table 'unknown_table'" in refused(Human, "unknown")
    assert "Did you mean 'since'?" in refused(Human, "misspelt")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lazy": "jioned"}, "Did you mean 'joined'?"),
        ({"secondary": 5}, "give a model, or the name of the junction table"),
        ({"foreign_keys": [5]}, "give names of columns"),
        ({"foreign_keys": []}, "names no column"),
    ],
)
def test_options_that_mean_nothing(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message.replace("?", r"\?")):
        relationship(**options)
