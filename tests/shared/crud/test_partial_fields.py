"""`Partial` of every kind of field: what converts values still does, and nothing stumbles over what is missing."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar

import pydantic
import pytest
from pydantic import AfterValidator, BeforeValidator, Field, RootModel, ValidationInfo, computed_field, field_validator

from ferrow.crud import BaseModel, Partial, WrongModel
from tests.support import maybe
from tests.support.crud.models import Checked, MyUser, Role

T = TypeVar("T")


class Words(RootModel[list[str]]):
    """A document that is a list."""


class Busy(BaseModel):
    """Methods of its own wherever Pydantic has a place for them."""

    id: int | None = None
    name: Annotated[str, BeforeValidator(lambda value: value.strip()), AfterValidator(str.lower)]
    size: Annotated[int, Field(gt=5)] = 9
    code: str = Field(default="x", max_length=2)
    numbers: list[int] = Field(default_factory=list)
    kind: Literal["a", "b"] = "a"
    role: Role = Role.READER
    words: Words | None = None

    @field_validator("code", mode="before")
    def upper(cls, value: Any) -> Any:  # Pydantic makes it a class method
        return value.upper()

    @field_validator("numbers")
    @classmethod
    def sorted(cls, value: list[int], info: ValidationInfo) -> list[int]:
        assert info.field_name == "numbers"
        return sorted(value)

    @field_validator("*", mode="wrap")
    @classmethod
    def wrapped(cls, value: Any, handler: Any) -> Any:
        return handler(value)

    @pydantic.model_validator(mode="before")
    @classmethod
    def whole(cls, data: Any) -> Any:
        assert "name" in data
        return data

    @pydantic.model_validator(mode="wrap")
    @classmethod
    def around(cls, data: Any, handler: Any) -> Any:
        made = handler(data)
        made.name.upper()
        return made

    @computed_field  # type: ignore[prop-decorator]
    @property
    def shouted(self) -> str:
        return self.name.upper()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def twice(self) -> int:
        return self.size * 2


def partial(model: Any) -> Any:
    return Partial(model)


GIVEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"name": " A "}, {"name": "a"}),
    ({"name": [" A ", "B"]}, {"name": ["a", "b"]}),
    ({"name": None}, {"name": None}),
    ({"code": "q"}, {"code": "Q"}),
    ({"code": ["q", "long", None]}, {"code": ["Q", "LONG", None]}),
    ({"code": None}, {"code": None}),
    ({"numbers": [3, 1]}, {"numbers": [1, 3]}),
    ({"numbers": None}, {"numbers": None}),
    ({"size": 1}, {"size": 1}),
    ({"size": ("1", 2)}, {"size": [1, 2]}),
    ({"kind": ["a", "b"]}, {"kind": ["a", "b"]}),
    ({"role": ["admin", Role.READER]}, {"role": [Role.ADMIN, Role.READER]}),
    ({"words": ["x"]}, {"words": Words(["x"])}),
]


@pytest.mark.parametrize("number", range(len(GIVEN)))
def test_values_go_through_the_fields_own_validators(number: int) -> None:
    given, expected = GIVEN[number]
    made = partial(Busy)(**given)
    assert {key: getattr(made, key) for key in given} == expected
    assert made.model_fields_set == set(given)


def test_wrong_values_are_still_refused() -> None:
    for wrong in ({"kind": "z"}, {"kind": ["z"]}, {"size": "many"}, {"role": "nobody"}):
        with pytest.raises(pydantic.ValidationError):
            partial(Busy)(**wrong)
    with pytest.raises(pydantic.ValidationError, match="no devils"):
        partial(Checked)(name=["ada", "devil"])


def test_it_shows_and_dumps_itself_with_computed_fields() -> None:
    some = partial(Busy)(size=8)
    assert "size=8" in repr(some)
    assert "shouted" not in repr(some)
    assert (some.shouted, some.twice) == (None, 16)
    assert some.model_dump(exclude_unset=True) == {"size": 8, "shouted": None, "twice": 16}
    assert partial(Busy)(name="a").shouted == "A"


async def test_it_filters_and_updates(crud: Any, engine: Any) -> None:
    await maybe(engine.create_all(Busy))
    made = await maybe(crud.insert(Busy(name="A", words=Words(["x", "y"]))))
    assert await maybe(crud.select_all(Busy, where=partial(Busy)(name=" A ", role=["reader", "admin"]))) == [made]
    assert await maybe(crud.select_all(Busy, where=partial(Busy)(words=["x", "y"]))) == [made]
    assert await maybe(crud.select_all(Busy, where=partial(Busy)(name=None))) == []
    changed = await maybe(crud.update(partial(Busy)(id=made.id, code="zz", numbers=[5, 4])))
    assert (changed.code, changed.numbers, changed.name) == ("ZZ", [4, 5], "a")


class Parent(BaseModel):
    id: int | None = None
    name: str


class Child(Parent):
    level: int = 1


@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
async def test_a_model_that_is_derived_is_another_table(crud: Any, engine: Any) -> None:
    """Its further fields would be left out in silence, and more rows be found than were meant."""
    engine.create_all(Parent)
    for where in (Child(name="a", level=5), partial(Child)(level=5), partial(Child)(name="a")):
        with pytest.raises(WrongModel):
            crud.select_all(Parent, where=where)


class Box(BaseModel, Generic[T]):
    __table_name__ = "boxes"

    id: int | None = None
    content: T


async def test_generic_models(crud: Any, engine: Any) -> None:
    assert (Box.get_table_name(), Box[int].get_table_name()) == ("boxes", "boxes")
    await maybe(engine.create_all(Box[int]))
    made = await maybe(crud.insert(Box[int](content=3)))
    assert type(made) is Box[int]
    assert await maybe(crud.select_all(Box[int], where=partial(Box[int])(content=[1, 3]))) == [made]
    assert await maybe(crud.select_raw("SELECT content FROM boxes")) == [{"content": 3}]


@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
async def test_a_partial_class_reads_instances_of_its_model(crud: Any) -> None:
    crud.insert(MyUser(name="a", email="a"))
    assert type(crud.select_one(Partial(MyUser), id=1)) is MyUser
    assert [type(one) for one in crud.select_all(Partial(MyUser), name="a")] == [MyUser]
