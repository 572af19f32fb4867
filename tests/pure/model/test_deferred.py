"""Nothing is text here, and nothing is looked up before somebody asks: annotations of Python 3.14 without the import from `__future__`."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ModelError, UnknownColumn
from ferrow.model import table_of
from ferrow.model.document_decoder import decoder
from ferrow.model.document_guide import guide
from ferrow.repository import ValidationError

pytestmark = pytest.mark.skipif(sys.version_info < (3, 14), reason="this Python looks up annotations at once")

HEAD = """
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, TypedDict
from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship
"""

Program = Callable[[str], Any]


@pytest.fixture
def program() -> Iterator[Program]:
    """A module with this text in it, which does not inherit the import from `__future__` of this one."""
    module = ModuleType("deferred_annotations")
    sys.modules[module.__name__] = module

    def run(text: str) -> ModuleType:
        exec(compile(HEAD + text, "deferred_annotations", "exec", dont_inherit=True), module.__dict__)
        return module

    yield run
    del sys.modules[module.__name__]


def test_classes_that_come_later(program: Program) -> None:
    found = program("""
class Writer(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[Level]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("writers.id"))
    editor: Mapped[Writer | None] = relationship()
    novels: Mapped[list[Novel]] = relationship()

class Novel(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    writer_id: Mapped[int] = mapped_column(ForeignKey("writers.id"))

type Level = int

@dataclass
class Shelf:
    id: Annotated[int, mapped_column(primary_key=True)]
    novels: Annotated[list[Placed], relationship()] = field(default_factory=list)

@dataclass
class Placed:
    id: Annotated[int, mapped_column(primary_key=True)]
    shelf_id: Annotated[Level, mapped_column(ForeignKey("shelfs.id"))]
    shelf: Annotated[Shelf | None, relationship()] = None
""")
    table = table_of(found.Writer)
    assert [(one.key, one.type.kind, one.nullable) for one in table.columns] == [
        ("id", "int", False),
        ("level", "int", False),
        ("editor_id", "int", True),
    ]
    assert {key: one.target for key, one in table.relations.items()} == {"editor": found.Writer, "novels": found.Novel}
    assert table_of(found.Shelf).relations["novels"].target is found.Placed
    assert table_of(found.Placed).relations["shelf"].target is found.Shelf


def test_names_for_type_checkers_only(program: Program) -> None:
    found = program("""
class Person(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Nowhere]
    LIMIT: ClassVar[Nowhere] = 3
""")
    assert [one.key for one in table_of(found.Person).columns] == ["id", "name"]
    with pytest.raises(
        ModelError, match=r"^Person\.name: 'Nowhere' in its annotation is not known in module deferred_"
    ):
        _ = table_of(found.Person).column("name").type


def test_a_union_with_what_comes_later(program: Program) -> None:
    found = program("""
@dataclass
class Cat:
    lives: int

class Owner(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    pet: Mapped[Cat | Dog | None]
    pets: Mapped[list[Cat | Dog]]
    other: Mapped[Cat | Nowhere | None]

@dataclass
class Shelter:
    id: int
    pet: Cat | Dog

@dataclass
class Dog:
    legs: int
""")
    for model in (found.Owner, found.Shelter):
        column = table_of(model).column("pet")
        assert column.type.kind == "json"
        assert column.nullable == (model is found.Owner)
    assert table_of(found.Owner).column("pets").type.kind == "json"
    with pytest.raises(ModelError, match=r"^Owner\.other: 'Nowhere' in its annotation is not known"):
        _ = table_of(found.Owner).column("other").type


def test_what_comes_later_in_a_function(program: Program) -> None:
    found = program("""
def made():
    class Writer(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        level: Mapped[Level]
        best: Mapped[Level | None]
        novels: Mapped[list[Novel]] = relationship()

    @dataclass(slots=True)
    class Shelf:
        id: int
        novel_id: Annotated[Level | None, mapped_column(ForeignKey("novels.id"))]
        novel: Annotated[Novel | None, relationship()] = None
        all: Annotated[list[Placed], relationship()] = field(default_factory=list)

    assert [one.key for one in table_of(Writer).columns] == ["id", "level", "best"]
    assert [one.key for one in table_of(Shelf).columns] == ["id", "novel_id"]

    class Novel(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        writer_id: Mapped[int] = mapped_column(ForeignKey("writers.id"))

    @dataclass
    class Placed:
        id: int
        shelf_id: Annotated[int, mapped_column(ForeignKey("shelfs.id"))]

    Level = str
    return Writer, Novel, Shelf, Placed
""")
    found.table_of = table_of
    writer, novel, shelf, placed = found.made()
    assert [table_of(writer).column(key).type.kind for key in ("level", "best")] == ["text", "text"]
    assert table_of(writer).column("best").nullable
    assert table_of(writer).relations["novels"].target is novel
    assert table_of(shelf).column("novel_id").type.kind == "text"
    assert {key: one.target for key, one in table_of(shelf).relations.items()} == {"novel": novel, "all": placed}


@pytest.mark.parametrize("written", ["Nowhere", "list[Nowhere]", "int | None", "dict[str, Any]"])
def test_an_attribute_without_mapped(program: Program, written: str) -> None:
    person = program(f"""
class Person(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    nick: {written}
    LIMIT: ClassVar[Nowhere] = 3
""").Person
    with pytest.raises(TypeError) as caught:
        person(nick="Ada")
    assert str(caught.value).endswith(f"'nick': it is declared without Mapped. Write nick: Mapped[{written}].")
    with pytest.raises(TypeError, match=r"no column or relation 'LIMIT'\. .*Known: id\.$"):
        person(LIMIT=4)


def test_a_typed_dict_with_a_name_for_type_checkers_only(program: Program) -> None:
    found = program("""
class Page(TypedDict):
    title: Title
    seen: list[Nowhere]

class Title(TypedDict):
    short: str
""")
    page = guide("page", found.Page, lambda part: part)
    assert page is not None
    step, title = page.attribute("title")
    assert step.value == "title"
    assert title is not None
    assert title.attribute("short")[0].value == "short"
    with pytest.raises(UnknownColumn, match="Known: title, seen"):
        page.attribute("other")


def test_a_typed_dict_is_read_as_far_as_its_names_are_known(program: Program) -> None:
    found = program("""
from datetime import date

class Page(TypedDict):
    printed: list[date]
    seen: list[Nowhere]
    by: Nowhere
""")
    read = decoder(found.Page, lambda part: part)
    assert read is not None
    day = datetime.date(2024, 2, 29)
    assert read({"printed": ["2024-02-29"], "seen": [1], "by": "x"}) == {"printed": [day], "seen": [1], "by": "x"}


def test_what_a_validated_dataclass_says_of_what_comes_later(program: Program) -> None:
    found = program("""
from ferrow.repository import ValidatedModel

class Cat:
    pass

@dataclass
class Shelter(ValidatedModel):
    dogs: list[Dog]
    pets: list[Cat | Dog] = field(default_factory=list)

class Dog:
    pass
""")
    assert found.Shelter([found.Dog()], [found.Dog(), found.Cat()]).dogs
    with pytest.raises(ValidationError, match=r"'dogs' must be list\[deferred_annotations\.Dog\]\. It is \[1\]"):
        found.Shelter([1])
    said = r"'pets' must be list\[deferred_annotations\.Cat \| deferred_annotations\.Dog\]"
    with pytest.raises(ValidationError, match=said):
        found.Shelter([], [1])


def test_a_validator_with_a_name_for_type_checkers_only(program: Program) -> None:
    found = program("""
from pydantic import field_validator
from ferrow.crud import BaseModel, Partial

class Guest(BaseModel):
    id: int
    name: str

    @field_validator("name")
    @classmethod
    def short(cls, value: str, info: Nowhere) -> Nowhere:
        return value + str(info.field_name)

    @field_validator("id")
    def positive(cls, value: int) -> Nowhere:
        return abs(value)
""")
    some = found.Partial(found.Guest)
    assert some(name="Ada").name == "Adaname"
    assert some(id=-3).id == 3
    assert some(id=None).id is None
