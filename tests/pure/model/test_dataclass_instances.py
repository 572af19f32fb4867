"""How instances of a dataclass are built from rows: by the cheapest way that is right for the class."""

import pickle
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import InitVar, dataclass, field
from typing import Annotated, Any

import pytest

from ferrow.errors import ModelError, NotLoaded
from ferrow.model import relationship, table_of, writer
from ferrow.model.binding import binding


@dataclass
class Plain:
    id: int
    name: str = ""


@dataclass(frozen=True)
class Frozen:
    id: int
    name: str = ""


@dataclass(slots=True)
class Slots:
    id: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenSlots:
    name: str = ""
    id: int


@dataclass(frozen=True, slots=True)
class FrozenOwner:
    id: int
    part: Annotated[FrozenSlots | None, relationship()] = None
    name: str = ""


@dataclass
class Checked:
    id: int
    name: str = ""

    def __post_init__(self) -> None:
        self.name = self.name.upper()


@dataclass
class OwnInit:
    id: int
    name: str = ""

    def __init__(self, id: int, name: str) -> None:
        self.id = id
        self.name = name


@dataclass
class OwnNew:
    id: int
    name: str = ""

    def __new__(cls, **values: Any) -> "OwnNew":
        return super().__new__(cls)


@dataclass
class OwnSetattr:
    id: int
    name: str = ""

    def __setattr__(self, key: str, value: Any) -> None:
        object.__setattr__(self, key, value)


class Property:
    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self._name = value


# A class statement would take the property for the field's default.
Guarded = dataclass(type("Guarded", (Property,), {"__annotations__": {"id": int, "name": str}}))


@dataclass
class HalfSlots(Slots):
    age: int = 0


@dataclass
class Related:
    id: int
    friends: Annotated[list["Related"], relationship()] = field(default_factory=list)


@pytest.mark.parametrize(
    ("cls", "build"),
    [
        (Plain, "dict"),
        (Frozen, "dict"),
        (Slots, "slots"),
        (FrozenSlots, "slots"),
        (Checked, "call"),
        (OwnInit, "call"),
        (OwnNew, "call"),
        (OwnSetattr, "call"),
        (Guarded, "call"),
        (HalfSlots, "call"),
        (Related, "dict"),
    ],
)
def test_the_cheapest_build_that_is_right(cls: type, build: str) -> None:
    assert binding(cls).reading.build == build


def test_a_field_that_the_constructor_does_not_take_is_set_afterwards() -> None:
    @dataclass(frozen=True)
    class Item:
        name: str
        size: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "size", len(self.name))

    reading = binding(Item).reading
    assert reading.build == "call"
    assert reading.factory is not None
    made = reading.factory(name="abc", size=7)

    assert (made.name, made.size) == ("abc", 7)


def test_an_init_var_without_default_cannot_be_read() -> None:
    @dataclass
    class Item:
        name: str
        seed: InitVar[int]

        def __post_init__(self, seed: int) -> None: ...

    assert list(table_of(Item).by_key) == ["name"]
    with pytest.raises(ModelError, match=r"Item\.seed is an InitVar without a default"):
        _ = binding(Item).reading


@pytest.mark.parametrize("make", [Plain, Frozen, Slots, FrozenSlots, Checked])
def test_generated_values_reach_every_kind_of_instance(make: Callable[..., Any]) -> None:
    instance = make(id=0, name="x")
    cls = type(instance)

    writer(cls).fill(instance, [table_of(cls).column("id")], [7])

    assert instance.id == 7


@pytest.mark.parametrize("doubled", [copy, deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_of_frozen_instances_with_slots(doubled: Callable[[Any], Any]) -> None:
    """What a relation has not loaded is not loaded in the copy either."""
    table_of(FrozenOwner)
    there, loaded = FrozenOwner(1, name="a"), FrozenOwner(1, FrozenSlots(id=2), "a")
    object.__delattr__(there, "part")
    assert doubled(there) == there
    with pytest.raises(NotLoaded):
        _ = doubled(there).part
    assert doubled(loaded).part == FrozenSlots(id=2)
