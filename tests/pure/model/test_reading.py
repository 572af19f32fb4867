"""Rows through the core become instances: each style, on an SQLite database in memory."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, field_validator

from ferrow._core import Kinds, Shape, SqliteConnection
from ferrow.errors import InterfaceError
from ferrow.model import Base, Mapped, mapped_column, shape_of, table_of, writer
from ferrow.schema import create_all
from ferrow.sql.dialect import SQLITE


class Color(Enum):
    RED = "red"


@dataclass
class Address:
    city: str


class Typed(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    color: Mapped[Color | None]
    price: Mapped[float] = mapped_column(type_=Decimal, precision=10, scale=2)
    address: Mapped[Address | None]
    born: Mapped[dt.date | None]
    token: Mapped[UUID | None]
    active: Mapped[bool] = mapped_column(default=True)


@dataclass
class Plain:
    __tablename__ = "items"
    name: str
    price: Decimal
    color: Color | None = None
    address: Address | None = None
    born: dt.date | None = None
    token: UUID | None = None
    active: bool = True
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    __tablename__ = "items"
    name: str
    price: Decimal
    color: Color | None = None
    address: Address | None = None
    born: dt.date | None = None
    token: UUID | None = None
    active: bool = True
    id: int | None = None


class Pydantic(BaseModel):
    __tablename__ = "items"
    id: int | None = None
    name: str
    color: Color | None = None
    price: Decimal
    address: Address | None = None
    born: dt.date | None = None
    token: UUID | None = None
    active: bool = True


class Validated(Pydantic):
    __tablename__ = "items"

    @field_validator("name")
    @classmethod
    def shout(cls, value: str) -> str:
        return value.upper()


VALUES: dict[str, Any] = {
    "name": "chair",
    "color": Color.RED,
    "address": Address("Rome"),
    "born": dt.date(2024, 2, 29),
    "token": UUID(int=7),
    "active": False,
}


def stored(instance: Any) -> SqliteConnection:
    table = table_of(type(instance))
    connection = SqliteConnection(":memory:")
    for statement in create_all([table], SQLITE):
        connection.script(statement)
    plan = writer(type(instance)).insertion(instance)
    sql = f"INSERT INTO items ({', '.join(c.name for c in plan.columns)}) VALUES ({', '.join('?' * len(plan.columns))}) RETURNING id"
    kinds = Kinds([column.type.kind for column in plan.columns])
    rows = connection.run(sql, plan.row(instance), Shape.tuples(), kinds).rows
    writer(type(instance)).fill(instance, plan.returning, rows[0])
    return connection


def read(connection: SqliteConnection, cls: type) -> list[Any]:
    names = ", ".join(column.name for column in table_of(cls).columns)
    return connection.run(f"SELECT {names} FROM items", (), shape_of(cls)).rows


@pytest.mark.parametrize("cls", [Typed, Plain, Slots, Pydantic])
@pytest.mark.parametrize("values", [VALUES, {"name": "", "active": True}], ids=["full", "nulls"])
def test_what_was_written_comes_back_equal_and_of_the_same_types(cls: Any, values: dict[str, Any]) -> None:
    price: Any = 1.5 if cls is Typed else Decimal("1.50")
    instance = cls(price=price, **values)
    connection = stored(instance)

    (back,) = read(connection, cls)

    for column in table_of(cls).columns:
        value = getattr(back, column.key)
        assert value == getattr(instance, column.key)
        assert type(value) is type(getattr(instance, column.key))
    assert type(back) is cls
    assert back.id == 1
    if cls is not Typed:
        assert back == instance


def test_a_validator_runs_on_what_is_read() -> None:
    connection = stored(Validated.model_construct(**VALUES, price=Decimal(1)))

    assert [item.name for item in read(connection, Validated)] == ["CHAIR"]


def test_each_reading_makes_its_own_instances() -> None:
    # O-D23: an identity map without an end gave stale objects for ever
    connection = stored(Typed(price=1.0, name="chair"))
    (first,) = read(connection, Typed)
    connection.run("UPDATE items SET name = 'table'", (), Shape.tuples())
    (second,) = read(connection, Typed)

    assert first is not second
    assert (first.name, second.name) == ("chair", "table")


def test_a_result_of_other_columns_is_an_error() -> None:
    connection = stored(Typed(price=1.0, name="chair"))

    with pytest.raises(InterfaceError):
        connection.run("SELECT id FROM items", (), shape_of(Typed))
