"""`Partial`: what it takes, what it leaves out, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Annotated, Any

import pydantic
import pytest
from pydantic import Field

from ferrow import ForeignKey, relationship
from ferrow.crud import BaseModel, Partial
from ferrow.errors import UnknownColumn
from ferrow.model import table_of
from tests.support import maybe
from tests.support.crud.models import Address, Checked, MyUser, Profile, Role


def partial(model: type) -> Any:
    return Partial(model)


def test_it_is_a_subclass_that_is_made_once() -> None:
    made = partial(MyUser)
    assert made is partial(MyUser)
    assert partial(made) is made
    assert issubclass(made, MyUser)
    assert (made.__name__, made.__module__) == ("PartialMyUser", MyUser.__module__)
    assert table_of(made) is table_of(MyUser)
    assert isinstance(made(id=1), MyUser)


def test_nothing_is_given_that_was_not() -> None:
    made = partial(MyUser)()
    assert made.model_dump(exclude_unset=True) == {}
    assert (made.name, made.is_active) == (None, None)
    assert partial(MyUser)(name=None).model_fields_set == {"name"}


def test_values_are_converted_and_checked_by_type() -> None:
    assert partial(MyUser)(age="5").age == 5
    assert partial(Profile)(role="admin").role is Role.ADMIN
    assert partial(Profile)(role=["admin", Role.READER]).role == [Role.ADMIN, Role.READER]
    assert partial(Profile)(address={"city": "x"}).address == Address(city="x")
    assert partial(Profile)(tags=["a"]).tags == ["a"]
    for wrong in ({"age": "x"}, {"name": [[1]]}, {"nme": "x"}):
        with pytest.raises(pydantic.ValidationError):
            partial(MyUser)(**wrong)


def test_constraints_and_validators_of_the_whole_do_not_apply_to_filters() -> None:
    assert partial(Checked)(age=3).age == 3
    assert partial(Checked)().age is None


@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
async def test_what_is_written_is_held_against_the_constraints(crud: Any) -> None:
    made = await maybe(crud.insert(Checked(name="a")))
    with pytest.raises(pydantic.ValidationError, match=r"for Checked\nage\n.*greater than or equal to 18"):
        await maybe(crud.update(partial(Checked)(id=made.id, age=3)))
    assert (await maybe(crud.update(partial(Checked)(id=made.id, age=33)))).age == 33


def test_private_attributes_and_post_init() -> None:
    class Busy(BaseModel):
        id: int | None = None
        name: str
        _seen: int = 5

        def model_post_init(self, context: Any) -> None:
            if type(self) is Busy:
                assert self.name.upper()

    class Other(BaseModel):
        id: int | None = None
        name: str

        def model_post_init(self, context: Any) -> None:
            self.name.upper()

    assert partial(Busy)(id=1)._seen == 5
    assert partial(Other)(id=1).name is None


def test_frozen_models_and_aliases() -> None:
    class Still(BaseModel):
        model_config = pydantic.ConfigDict(frozen=True)
        id: int | None = None
        full: str = Field(alias="fullName", max_length=3)

    assert partial(Still)(fullName="long enough").full == "long enough"
    assert partial(Still)(full="x").model_dump(exclude_unset=True, by_alias=True) == {"fullName": "x"}


def test_typed_classes_and_dataclasses(models: ModuleType) -> None:
    made = partial(models.User)
    assert issubclass(made, models.User)
    assert made is partial(models.User)
    one = made(id=1, age=None)
    assert (one.id, one.age, one.name) == (1, None, None)
    assert one == made(id=1, age=None) != made(id=2)
    with pytest.raises((UnknownColumn, pydantic.ValidationError), match="nme"):
        made(nme="x")
    assert "id=1" in repr(one)


def test_a_frozen_dataclass_with_slots() -> None:
    @dataclass(frozen=True, slots=True)
    class Point:
        id: int
        x: int = 5

    one = partial(Point)(x=1)
    assert (one.x, one.id) == (1, None)
    assert partial(Point)().x is None


def test_relations_are_left_alone() -> None:
    class Writer(BaseModel):
        id: int | None = None
        name: str

    class Book(BaseModel):
        id: int | None = None
        writer_id: Annotated[int, ForeignKey("writer.id")]
        writer: Annotated[Writer | None, relationship()] = None

    assert partial(Book)(writer_id=1).model_dump(exclude_unset=True) == {"writer_id": 1}
