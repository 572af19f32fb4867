from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import pytest

from ferrow.model import JSON, Base, Mapped, mapped_column, table_of, writer


class Color(Enum):
    RED = "red"


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    color: Mapped[Color | None]
    created: Mapped[str] = mapped_column(server_default="'now'")


@dataclass
class Seat:
    row: int
    number: int
    __primary_key__ = ("row", "number")


def keys(columns: Any) -> list[str]:
    return [column.key for column in columns]


def test_values_are_read_in_the_order_of_the_columns_and_encoded() -> None:
    user = User(name="Ada", color=Color.RED)

    assert writer(User).values(user) == (None, "Ada", "red", None)
    assert writer(User).values(user, table_of(User).columns[1:2]) == ("Ada",)
    assert writer(User).values(user, ()) == ()


def test_what_the_server_generates_is_left_out_and_returned() -> None:
    plan = writer(User).insertion(User(name="Ada", color=Color.RED))

    assert keys(plan.columns) == ["name", "color"]
    assert keys(plan.returning) == ["id", "created"]
    assert plan.row(User(name="Ada", color=Color.RED)) == ("Ada", "red")


def test_explicit_keys_and_values_are_sent() -> None:
    # O-D10: an explicit primary key was ignored
    plan = writer(User).insertion(User(id=500, name="Ada", created="then"))

    assert keys(plan.columns) == ["id", "name", "color", "created"]
    assert plan.returning == ()
    assert plan.row(User(id=500, name="Ada", created="then")) == (500, "Ada", None, "then")


def test_zero_is_an_explicit_key() -> None:
    assert keys(writer(User).insertion(User(id=0, name="Ada")).columns) == ["id", "name", "color"]


def test_keys_with_python_defaults_are_sent() -> None:
    # O-D10: non-integer keys were inserted as NULL
    class Document(Base):
        id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)

    document = Document()
    plan = writer(Document).insertion(document)

    assert plan.row(document) == (document.id,)
    assert isinstance(document.id, UUID)


def test_all_columns_of_a_composite_key_are_sent() -> None:
    # O-D10: a junction model with two key columns inserted nothing
    plan = writer(Seat).insertion(Seat(1, 2))

    assert keys(table_of(Seat).primary_key) == keys(plan.columns) == ["row", "number"]
    assert plan.row(Seat(1, 2)) == (1, 2)


def test_a_row_may_consist_of_what_the_server_generates() -> None:
    class Ticket(Base):
        id: Mapped[int] = mapped_column(primary_key=True)

    plan = writer(Ticket).insertion(Ticket())

    assert (plan.columns, keys(plan.returning), plan.row(Ticket())) == ((), ["id"], ())


def test_an_attribute_that_was_never_set_is_an_error_and_not_a_value() -> None:
    # O-D8: the column's description was stored as text
    user = User.__new__(User)

    with pytest.raises(AttributeError, match=r"User\.name was never set"):
        writer(User).insertion(user).row(user)


def test_generated_values_that_were_never_set_are_left_to_the_server() -> None:
    user = User.__new__(User)
    user.name = "Ada"
    user.color = None

    assert keys(writer(User).insertion(user).returning) == ["id", "created"]
    assert keys(writer(User).insertions([user])[0][0].returning) == ["id", "created"]


def test_current_values_are_written_however_they_came_to_be() -> None:
    # O-D23: nothing about an instance is remembered apart from the instance
    user = User(id=1, name="Ada")
    assert writer(User).values(user, table_of(User).columns[:2]) == (1, "Ada")

    user.name = "Grace"

    assert writer(User).values(user, table_of(User).columns[:2]) == (1, "Grace")


def test_a_batch_is_one_group_unless_its_members_differ() -> None:
    alike = [User(name=name) for name in "abc"]
    mixed = [User(name="a"), User(id=7, name="b"), User(name="c"), User(id=8, name="d", created="x")]

    ((plan, members),) = writer(User).insertions(alike)
    assert members == alike
    assert [plan.row(member) for member in members] == [("a", None), ("b", None), ("c", None)]
    assert [
        (keys(plan.returning), [user.name for user in members]) for plan, members in writer(User).insertions(mixed)
    ] == [
        (["id", "created"], ["a", "c"]),
        (["created"], ["b"]),
        ([], ["d"]),
    ]
    assert writer(User).insertions([]) == []
    assert [len(members) for _, members in writer(Seat).insertions(iter([Seat(1, 1), Seat(1, 2)]))] == [2]


def test_generated_values_are_filled_in_and_decoded() -> None:
    user = User(name="Ada")
    columns = [table_of(User).column(key) for key in ("id", "color")]

    writer(User).fill(user, columns, (7, "red"))

    assert (user.id, user.color) == (7, Color.RED)


def test_a_batch_is_filled_row_by_row() -> None:
    users = [User(name="a"), User(name="b")]
    columns = [table_of(User).column(key) for key in ("id", "color")]

    writer(User).fill_all(users, columns, [(1, None), (2, "red")])

    assert [(user.id, user.color) for user in users] == [(1, None), (2, Color.RED)]
    with pytest.raises(ValueError, match="shorter"):
        writer(User).fill_all(users, columns, [(1, None)])


def test_none_is_never_encoded() -> None:
    class Model(Base):
        color: Mapped[Color | None]
        data: Mapped[tuple[int, ...] | None] = mapped_column(JSON)

    assert writer(Model).values(Model()) == (None, None)
