from typing import Any, ClassVar

import pytest

from ferrow.errors import ModelError, UnknownColumn
from ferrow.model import Base, CheckConstraint, ForeignKey, Index, Mapped, UniqueConstraint, mapped_column, table_of


class User(Base):
    __tablename__ = "people"
    __schema__ = "app"
    id: Mapped[int] = mapped_column(primary_key=True, name="user_id")


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("users.id", (None, "users", "id")),
        ("users", (None, "users", "id")),
        ("app.users.key", ("app", "users", "key")),
        (("users", "key"), (None, "users", "key")),
        ((User, "id"), ("app", "people", "user_id")),
    ],
)
def test_targets_of_a_foreign_key(target: Any, parts: tuple[Any, ...]) -> None:
    key = ForeignKey(target)

    assert (key.schema, key.table, key.column) == parts


@pytest.mark.parametrize("target", ["", "a.", ".b", "a.b.c.d", 3, ("a",), ("a", "")])
def test_targets_that_cannot_be_read(target: Any) -> None:
    with pytest.raises(ModelError, match=r"cannot be read: write \"table\.column\", for example \"users\.id\""):
        ForeignKey(target)


def test_actions_are_words_of_sql_and_nothing_else() -> None:
    key = ForeignKey("users.id", ondelete="set null", onupdate="NO_ACTION")

    assert (key.ondelete, key.onupdate) == ("SET NULL", "NO ACTION")
    with pytest.raises(ModelError, match=r"ondelete='CASCADE; DROP TABLE users' is not an action.*CASCADE, SET NULL"):
        ForeignKey("users.id", ondelete="CASCADE; DROP TABLE users")


def test_constraints_of_the_class() -> None:
    class Seat(Base):
        __table_args__ = (UniqueConstraint("row", "number"), Index("row", name="by_row"), CheckConstraint("number > 0"))
        __indexes__: ClassVar[list[Any]] = [
            "row",
            ("row", "number"),
            {"columns": "number", "unique": True, "name": "n"},
            Index("number"),
        ]
        row: Mapped[int]
        number: Mapped[int]

    table = table_of(Seat)

    assert table.uniques == (UniqueConstraint("row", "number"),)
    assert table.checks == (CheckConstraint("number > 0"),)
    assert table.indexes == (
        Index("row", name="by_row"),
        Index("row"),
        Index("row", "number"),
        Index("number", unique=True, name="n"),
        Index("number"),
    )


def test_constraints_over_unknown_columns_are_refused() -> None:
    class Seat(Base):
        __indexes__: ClassVar[list[Any]] = ["rwo"]
        row: Mapped[int]

    with pytest.raises(UnknownColumn, match=r"Seat has no column 'rwo'\. Did you mean 'row'\?"):
        table_of(Seat)


def test_other_things_among_the_constraints_are_refused() -> None:
    class A(Base):
        __table_args__ = ({"schema": "x"},)
        id: Mapped[int]

    class B(Base):
        __indexes__: ClassVar[list[Any]] = [3]
        id: Mapped[int]

    with pytest.raises(ModelError, match=r"A\.__table_args__ holds \{'schema': 'x'\}"):
        table_of(A)
    with pytest.raises(ModelError, match=r"B\.__indexes__ holds 3"):
        table_of(B)
    with pytest.raises(ModelError, match=r"Index\(\) needs the names of its columns"):
        Index()


def test_descriptions_are_values() -> None:
    assert Index("a", unique=True) == Index("a", unique=True) != Index("a")
    assert len({ForeignKey("a.b"), ForeignKey("a.b"), ForeignKey("a.c")}) == 2
    assert repr(Index("a")) == "Index(columns=('a',))"
