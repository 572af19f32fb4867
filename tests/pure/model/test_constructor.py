from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from ferrow.errors import NotLoaded
from ferrow.model import JSON, Base, Mapped, mapped_column, relationship


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    age: Mapped[int | None]
    role: Mapped[str] = mapped_column(default="guest")
    tags: Mapped[list[str]] = mapped_column(JSON, default=[])
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    key: Mapped[UUID] = mapped_column(default=uuid4)
    created: Mapped[str] = mapped_column(server_default="'now'")
    posts: Mapped[list["User"]] = relationship()


def ada(**values: Any) -> User:
    return User(**{"name": "Ada", "email": "ada@example.com", **values})


def test_what_is_not_given_has_its_default() -> None:
    user = ada()

    assert user.to_dict() == {
        "id": None,
        "name": "Ada",
        "email": "ada@example.com",
        "age": None,
        "role": "guest",
        "tags": [],
        "settings": {},
        "key": user.key,
        "created": None,
    }
    assert list(user.to_dict()) == list(vars(user))


def test_what_is_given_wins_over_the_default() -> None:
    user = ada(id=7, age=36, role="admin", tags=["x"], key=UUID(int=1))

    assert (user.id, user.age, user.role, user.tags, user.key) == (7, 36, "admin", ["x"], UUID(int=1))


def test_none_given_for_a_column_with_a_default_stays_none() -> None:
    assert ada(role=None).role is None


def test_defaults_are_made_for_each_instance() -> None:
    first, second = ada(), ada()
    first.tags.append("x")
    first.settings["a"] = 1

    assert (second.tags, second.settings) == ([], {})
    assert first.key != second.key


def test_an_unknown_name_is_a_type_error_with_the_nearest_one() -> None:
    with pytest.raises(
        TypeError, match=r"User\(\) has no column or relation 'emial'\. Did you mean 'email'\?.*id, name, email"
    ):
        ada(emial="x")


def test_missing_names_are_a_type_error_naming_all_of_them() -> None:
    # O-D8: an omitted required column was stored as the text of its description
    with pytest.raises(TypeError, match=r"User\(\) is missing 'name', 'email': give them"):
        User(age=3)
    with pytest.raises(TypeError, match=r"User\(\) is missing 'email': give it"):
        User(name="x")


def test_positional_arguments_are_refused() -> None:
    with pytest.raises(TypeError):
        User("Ada", "ada@example.com")  # type: ignore[misc]  # pyright: ignore[reportCallIssue]


def test_a_primary_key_that_is_not_generated_is_required() -> None:
    class Country(Base):
        code: Mapped[str] = mapped_column(primary_key=True)

    class Seat(Base):
        row: Mapped[int] = mapped_column(primary_key=True)
        number: Mapped[int] = mapped_column(primary_key=True)

    with pytest.raises(TypeError, match=r"Country\(\) is missing 'code'"):
        Country()
    with pytest.raises(TypeError, match=r"Seat\(\) is missing 'row', 'number'"):
        Seat()


def test_an_attribute_that_was_never_set_is_an_attribute_error_naming_it() -> None:
    # O-D8: reading it gave the column's description
    user = User.__new__(User)

    with pytest.raises(
        AttributeError, match=r"User\.name was never set on this object: give it to User\(name=\.\.\.\)"
    ):
        _ = user.name
    assert not hasattr(user, "name")
    assert getattr(user, "name", None) is None


def test_an_unloaded_relation_says_so() -> None:
    with pytest.raises(NotLoaded, match=r"User\.posts is a relation that has not been loaded"):
        _ = ada().posts
    assert ada(posts=[ada()]).posts[0].name == "Ada"


def test_instances_are_equal_only_to_themselves() -> None:
    user = ada(id=1)

    assert user == user
    assert user != ada(id=1)
    assert len({user, ada(id=1)}) == 2


def test_repr_shows_the_key() -> None:
    class Point(Base):
        x: Mapped[int]
        y: Mapped[str]

    assert repr(ada(id=1)) == "<User id=1>"
    assert repr(ada()) == "<User id=None>"
    assert repr(Point(x=1, y="a" * 99)) == f"<Point x=1 y='{'a' * 56}...>"
    assert repr(User.__new__(User)) == "<User>"


def test_from_dict_ignores_what_is_not_a_column() -> None:
    user = User.from_dict({"name": "Ada", "email": "a", "unknown": 1})

    assert (user.name, user.email) == ("Ada", "a")
    with pytest.raises(TypeError, match=r"missing 'email'"):
        User.from_dict({"name": "Ada"})


def test_to_dict_can_follow_loaded_relations_one_level() -> None:
    friend = ada(name="Grace")
    friend.posts = [ada()]

    found = ada(posts=[friend]).to_dict(include_relationships=True)

    assert found["posts"][0]["name"] == "Grace"
    assert "posts" not in found["posts"][0]
    assert "posts" not in ada().to_dict(include_relationships=True)


def test_a_subclass_may_have_its_own_constructor() -> None:
    class Point(Base):
        x: Mapped[int]

        def __init__(self, x: int) -> None:
            super().__init__(x=x * 2)

    assert Point(2).x == 4


def test_positional_arguments_are_refused_by_name() -> None:
    class Named(Base):
        title: Mapped[str]

    with pytest.raises(TypeError, match=r"Named\(\) takes keyword arguments only, as title=..., not 'Ada'"):
        Named("Ada")  # type: ignore[misc]


def test_a_document_that_may_not_be_null_starts_empty() -> None:
    class Page(Base):
        title: Mapped[str]
        metadata: Mapped[dict[str, Any]] = mapped_column(JSON)
        tags: Mapped[list[str]]
        extra: Mapped[dict[str, Any] | None] = mapped_column(default=None)

    first, second = Page(title="a"), Page(title="b")
    first.metadata["plan"] = "premium"
    assert (second.metadata, second.tags, second.extra) == ({}, [], None)
    with pytest.raises(TypeError, match="is missing 'title'"):
        Page()  # type: ignore[call-arg]


def test_documents_of_a_class_are_made_for_each_instance() -> None:
    @dataclass
    class Settings:
        tags: list[str] = field(default_factory=list)

    class Profile(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        settings: Mapped[Settings] = mapped_column(default=Settings())

    one, two = Profile(id=1), Profile(id=2)
    one.settings.tags.append("x")
    assert (two.settings, Profile(id=3).settings) == (Settings(), Settings())
