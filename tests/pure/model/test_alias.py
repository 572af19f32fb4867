"""`type Name = ...`: Python 3.12's, and that of typing_extensions."""

from __future__ import annotations

import sys
from typing import Any, TypeVar

import pytest
from typing_extensions import TypeAliasType

from ferrow import Base, Mapped, mapped_column
from ferrow.model import table_of
from ferrow.model.alias import meant

K, V = TypeVar("K"), TypeVar("V")
Name = TypeAliasType("Name", str)
Maybe = TypeAliasType("Maybe", V | None, type_params=(V,))
Turned = TypeAliasType("Turned", dict[V, K], type_params=(K, V))
Same = TypeAliasType("Same", V, type_params=(V,))
Idle = TypeAliasType("Idle", int, type_params=(V,))


@pytest.mark.parametrize(
    ("annotation", "wanted"),
    [
        (Name, str),
        (Maybe[str], str | None),
        (Turned[int, str], dict[str, int]),
        (Same[int], int),
        (Idle[str], int),
        (str, str),
        (list[str], list[str]),
    ],
    ids=str,
)
def test_what_an_alias_stands_for(annotation: Any, wanted: Any) -> None:
    assert meant(annotation) == wanted


def test_columns_of_aliases() -> None:
    class Person(Base):
        __tablename__ = "people"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[Name]
        nick: Mapped[Maybe[Name]]
        age: Mapped[Same[int] | None]

    assert [(column.type.name("sqlite"), column.nullable) for column in table_of(Person).columns] == [
        ("INTEGER", False),
        ("TEXT", False),
        ("TEXT", True),
        ("INTEGER", True),
    ]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="this Python has no such statement")
def test_as_a_statement() -> None:
    names: dict[str, Any] = {}
    exec("type Maybe[T] = T | None\ntype Turned[A, B] = dict[B, A]\ntype Name = str", names)
    assert meant(names["Maybe"][str]) == str | None
    assert meant(names["Turned"][int, str]) == dict[str, int]
    assert meant(names["Name"]) is str
