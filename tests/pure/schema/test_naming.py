"""`__naming__`, and the names of what nobody named."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel

from ferrow.errors import ModelError
from ferrow.model import (
    Base,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Mapped,
    UniqueConstraint,
    mapped_column,
    table_of,
)
from ferrow.schema import create_all, create_table
from ferrow.sql.dialect import POSTGRESQL, SQLITE

NAMING = {
    "ix": "ix__{table}__{columns}",
    "uq": "uq__{table}__{columns}",
    "fk": "fk__{table}__{columns}__{target}",
    "ck": "ck__{table}__{columns}",
    "pk": "pk__{table}",
    "table": lambda cls: f"app_{cls.__name__.lower()}",
}
ARGUMENTS = (
    UniqueConstraint("a", "b"),
    Index("a", "-b"),
    Index(sql="lower(a)", unique=True),
    CheckConstraint("b > 0"),
    CheckConstraint("b < 9", name="given"),
)


class Project(Base):
    __naming__ = NAMING


class Thing(Project):
    __table_args__ = ARGUMENTS

    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str] = mapped_column(unique=True)
    b: Mapped[int] = mapped_column(ForeignKey("rooms.id"), check="b <> 5", index=True)


class Named:
    __naming__ = NAMING


def as_dataclass() -> type:
    @dataclass
    class Thing(Named):
        __table_args__ = ARGUMENTS

        a: str = field(metadata={"unique": True})
        b: int = field(metadata={"fk": "rooms.id", "check": "b <> 5", "index": True})
        id: int | None = None

    return Thing


class PydanticProject(BaseModel):
    __naming__: ClassVar[Any] = NAMING


def as_pydantic() -> type:
    class Thing(PydanticProject):
        __table_args__: ClassVar[Any] = ARGUMENTS

        a: Annotated[str, mapped_column(unique=True)]
        b: Annotated[int, ForeignKey("rooms.id"), mapped_column(check="b <> 5", index=True)]
        id: int | None = None

    return Thing


@pytest.mark.parametrize("make", [lambda: Thing, as_dataclass, as_pydantic], ids=["class", "dataclass", "pydantic"])
@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE], ids=str)
def test_everything_is_called_by_the_convention(make: Any, dialect: Any) -> None:
    text = "\n".join(create_table(table_of(make()), dialect))

    for part in (
        "CREATE TABLE app_thing (",
        "CONSTRAINT pk__app_thing PRIMARY KEY",
        "CONSTRAINT uq__app_thing__a UNIQUE",
        "CONSTRAINT uq__app_thing__a_b UNIQUE (a, b)",
        "CONSTRAINT ck__app_thing__b CHECK (b <> 5)",
        "CONSTRAINT ck__app_thing__b_0 CHECK (b > 0)",
        "CONSTRAINT given CHECK (b < 9)",
        "CONSTRAINT fk__app_thing__b__rooms FOREIGN KEY (b) REFERENCES rooms (id)",
        "ix__app_thing__b ON app_thing (b)",
        "ix__app_thing__a_b ON app_thing (a, b DESC)",
        "UNIQUE INDEX IF NOT EXISTS ix__app_thing__lower_a ON app_thing ((lower(a)))",
    ):
        assert part in text, f"{part}\n{text}"


def test_a_subclass_of_the_project_adds_to_the_convention() -> None:
    class Other(Project):
        __naming__: ClassVar[Any] = {"ix": "other_{columns}_{table}"}
        id: Mapped[int] = mapped_column(primary_key=True)
        a: Mapped[int] = mapped_column(index=True)

    assert Other.__tablename__ == "app_other"
    statements = create_table(table_of(Other), SQLITE)
    assert "other_a_app_other" in statements[1]
    assert "CONSTRAINT pk__app_other" in statements[0]


def test_a_name_of_ones_own_wins() -> None:
    class Other(Project):
        __tablename__ = "mine"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert table_of(Other).name == "mine"


@pytest.mark.parametrize(
    ("naming", "message"),
    [
        ({"idx": "x_{table}"}, "has the key 'idx'. Did you mean 'ix'"),
        ({"ix": "x_{tabel}"}, "cannot be filled in; it is text with {table}, {columns}, {target}"),
        ({"ix": 3}, "cannot be filled in"),
        ({"ix": "x"}, "would give every table the same name"),
        (["ix"], "is not a mapping"),
        ({"table": lambda cls: ""}, "gave '', which is not the name of a table"),
    ],
)
def test_conventions_that_cannot_be_followed(naming: Any, message: str) -> None:
    def declare() -> None:
        cls = type("Wrong", (Base,), {"__naming__": naming, "__annotations__": {"id": Mapped[int]}, "__module__": "m"})
        table_of(cls)

    with pytest.raises(ModelError) as caught:
        declare()
    assert message in str(caught.value)


def test_long_names_are_cut_and_stay_different() -> None:
    class Long(Base):
        __naming__: ClassVar[Any] = {"ix": "an_index_of_the_table_{table}_over_the_columns_{columns}"}
        id: Mapped[int] = mapped_column(primary_key=True)
        some_rather_long_name: Mapped[int] = mapped_column(index=True)
        some_rather_long_other: Mapped[int] = mapped_column(index=True)

    names = [text.split()[5] for text in create_table(table_of(Long), POSTGRESQL)[1:]]
    assert len({*names}) == 2
    assert all(len(name) == 63 for name in names)


def test_two_indexes_of_one_name_are_refused() -> None:
    """IF NOT EXISTS would silently leave the second one out."""

    class Dated:
        __table_args__ = (Index("day", name="by_day"),)
        day: Mapped[int] = mapped_column(primary_key=True)

    class First(Dated, Base):
        pass

    class Second(Dated, Base):
        pass

    create_all([table_of(First)], SQLITE)
    with pytest.raises(ModelError, match=r"First and .*Second have two indexes called 'by_day'.*give each its own"):
        create_all([table_of(First), table_of(Second)], SQLITE)


def test_mixins_add_their_constraints() -> None:
    class Dated:
        __table_args__ = (Index("day"),)
        day: Mapped[int]

    class Priced:
        __table_args__ = (CheckConstraint("price > 0"), ForeignKeyConstraint("price", "prices(id)"))
        price: Mapped[int]

    class Offer(Dated, Priced, Base):
        __table_args__ = (Index("price", "day"),)
        id: Mapped[int] = mapped_column(primary_key=True)

    table = table_of(Offer)
    assert [index.columns for index in table.indexes] == [("day",), ("price", "day")]
    assert [check.sql for check in table.checks] == ["price > 0"]
    assert [key.columns for key in table.references] == [("price",)]
