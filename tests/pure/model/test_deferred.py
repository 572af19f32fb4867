"""Nothing is text here, and nothing is looked up before somebody asks: annotations of Python 3.14 without the import from `__future__`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ModelError, UnknownColumn
from ferrow.model import table_of
from ferrow.model.document_guide import guide

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
