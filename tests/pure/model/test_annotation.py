from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Optional, Union

import pytest

from ferrow.errors import ModelError
from ferrow.model import JSON, Base, Column, ForeignKey, Mapped, mapped_column, relationship, shape_of, table_of, writer

if TYPE_CHECKING:
    from somewhere import Elsewhere  # type: ignore[import-not-found]  # pyright: ignore[reportMissingImports]

UserId = NewType("UserId", int)
Key = Annotated[int, mapped_column(primary_key=True)]


def columns(cls: type) -> dict[str, Column]:
    return table_of(cls).by_key


def test_a_forward_reference_leaves_the_other_columns_alone() -> None:
    # O-D12: one hint that does not resolve made every column TEXT
    class User(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        age: Mapped[int | None] = mapped_column(nullable=True)
        document: Mapped[dict[str, Any] | None]
        posts: Mapped[list["NobodyKnows"]] = relationship()  # type: ignore[name-defined]  # pyright: ignore[reportUndefinedVariable]  # noqa: F821

    assert [(key, column.type.kind, column.nullable) for key, column in columns(User).items()] == [
        ("id", "int", False),
        ("age", "int", True),
        ("document", "json", True),
    ]


def test_a_name_known_only_to_type_checkers_hurts_only_who_needs_its_type() -> None:
    class User(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        strange: Mapped["Elsewhere | None"]
        name: Mapped[str]

    user = User(name="Ada")

    assert user.strange is None
    assert columns(User)["strange"].nullable
    assert columns(User)["name"].type.kind == "text"
    assert User.name.name == "name"
    for need in (lambda: User.strange, lambda: columns(User)["strange"].type, lambda: shape_of(User)):
        with pytest.raises(
            ModelError, match=r"User\.strange: 'Elsewhere'.* is not known in module .*test_annotation.*type_="
        ):
            need()
    with pytest.raises(ModelError, match=r"User\.strange"):
        writer(User).insertion(user)


def test_an_sql_type_makes_the_annotation_dispensable() -> None:
    from ferrow.types import Text

    class User(Base):
        strange: Mapped["Elsewhere"] = mapped_column(Text())

    assert columns(User)["strange"].type is Text()


def test_every_way_to_say_that_none_is_allowed() -> None:
    class Model(Base):
        a: Mapped[int | None]
        b: Mapped[Optional[int]]  # noqa: UP045
        c: Mapped[Union[int, None]]  # noqa: UP007
        d: Mapped["int | None"]
        e: Mapped[Optional["int"]]
        f: "Mapped[int | None]"
        g: Mapped[Annotated[int | None, "anything"]]
        h: Mapped[Annotated[int, "anything"] | None]
        i: Mapped[int] = mapped_column(nullable=True)
        j: Mapped[int] | None
        k: Mapped[Literal[1, 2, None]]

    assert [*columns(Model)] == [*"abcdefghijk"]
    assert {column.type.kind for column in columns(Model).values()} == {"int"}
    assert all(column.nullable for column in columns(Model).values())


def test_an_option_overrules_the_annotation() -> None:
    class Model(Base):
        a: Mapped[int | None] = mapped_column(nullable=False)

    assert not columns(Model)["a"].nullable


def test_options_may_stand_in_annotated() -> None:
    class Model(Base):
        id: Mapped[Key]
        other: Mapped[Annotated[int, ForeignKey("users.id", ondelete="cascade")]]
        data: Mapped[Annotated[Any, JSON]]
        both: Mapped[Annotated[str, mapped_column(max_length=5, index=True)]] = mapped_column(max_length=9)

    found = columns(Model)
    assert found["id"].primary_key
    assert found["id"].autoincrement
    assert found["other"].foreign_key == ForeignKey("users.id", ondelete="CASCADE")
    assert found["data"].type.kind == "json"
    assert (found["both"].max_length, found["both"].index) == (9, True)


def test_new_types_are_their_base() -> None:
    class Model(Base):
        id: Mapped[UserId]

    assert columns(Model)["id"].type.kind == "int"


def test_a_column_may_have_the_name_of_its_type() -> None:
    class Event(Base):
        datetime: Mapped["datetime"]

    assert columns(Event)["datetime"].type.kind == "timestamp"


def test_classes_of_the_surrounding_function_are_known() -> None:
    @dataclass
    class Settings:
        theme: str

    class User(Base):
        settings: Mapped["Settings"]
        posts: Mapped[list["Post"]] = relationship()

    class Post(Base):
        id: Mapped[int]

    assert columns(User)["settings"].python is Settings
    assert table_of(User).relations["posts"].target is Post


def test_a_mixin_is_read_in_the_module_that_wrote_it(module: Callable[[str, str], ModuleType]) -> None:
    # O-D12: `deleted_at` of the mixin needed `datetime` in the module of the model
    home = module(
        "tests_mixin_home",
        "from __future__ import annotations\nimport datetime as dt\nfrom ferrow.model import *\n"
        "class SoftDelete:\n    deleted_at: Mapped[dt.datetime | None] = mapped_column(index=True)\n",
    )
    SoftDelete: Any = home.SoftDelete

    class Article(SoftDelete, Base):
        title: Mapped[str]

    assert columns(Article)["deleted_at"].type.kind == "timestamp"
    assert Article(title="x").title == "x"


def test_an_annotation_that_is_no_python_hurts_only_who_needs_it() -> None:
    class Model(Base):
        a: "Mapped[int"  # type: ignore[syntax]  # pyright: ignore  # noqa: F722
        b: Mapped[int]

    assert columns(Model)["b"].type.kind == "int"
    with pytest.raises(ModelError, match=r"Model\.a: 'Mapped\[int'"):
        _ = columns(Model)["a"].type


def test_a_union_of_types_asks_for_an_sql_type() -> None:
    class Model(Base):
        a: Mapped[int | str]

    with pytest.raises(ModelError, match=r"Model\.a: no SQL type is known for int \| str"):
        _ = columns(Model)["a"].type
