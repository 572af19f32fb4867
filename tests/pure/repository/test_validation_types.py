"""ValidatedModel: annotations."""

from __future__ import annotations

import collections
import collections.abc as abc
import datetime
import enum
import typing
from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, Literal, NewType, Optional, Protocol, TypedDict, TypeVar, Union
from uuid import UUID

import pytest

from ferrow.errors import ModelError
from ferrow.repository import ValidatedModel, ValidationError
from ferrow.repository.validation.plan import plan_of

T = TypeVar("T")
N = TypeVar("N", bound=int)
S = TypeVar("S", int, str)
UserId = NewType("UserId", int)


class Mood(enum.StrEnum):
    GOOD = "good"


class Level(enum.IntEnum):
    LOW = 1


class Point(TypedDict):
    x: int
    y: typing.NotRequired[int]


class Marked(TypedDict):
    mark: Nowhere  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable]


class Drawn(Protocol):
    def draw(self) -> None: ...


class Plain:
    pass


ID = UUID(int=7)

CASES: list[tuple[Any, list[Any], list[Any]]] = [
    (Any, [None, 1, "a"], []),
    (object, [None, 1], []),
    (int, [1, -1, Level.LOW], [None, True, 1.0, "1"]),
    (float, [1, 1.5], [None, True, "1.5", Decimal(1)]),
    (bool, [True, False], [1, 0, None, "true"]),
    (str, ["", Mood.GOOD], [b"", 1, None]),
    (bytes, [b""], ["", bytearray()]),
    (None, [None], [0]),
    (Decimal, [Decimal(1)], [1, 1.0]),
    (UUID, [ID], [str(ID)]),
    (datetime.datetime, [datetime.datetime(2024, 1, 1)], ["2024-01-01", datetime.date(2024, 1, 1)]),
    (Mood, [Mood.GOOD], ["good", "GOOD"]),
    (Level, [Level.LOW], [1]),
    (Plain, [Plain()], [Plain, None]),
    (Optional[int], [None, 1], [True, "a"]),  # noqa: UP045
    (Union[int, str], [1, "a"], [None, 1.0]),  # noqa: UP007
    (int | str | None, [1, "a", None], [1.0]),
    (Literal["a", 1], ["a", 1], [True, "b", 1.0, [], None]),
    (Optional[Literal[True]], [True, None], [1, False]),  # noqa: UP045
    (list, [[], [1]], [(), "a"]),
    (list[int], [[], [1]], [["a"], [True], [None], (1,)]),
    (typing.List[int], [[1]], [["a"]]),  # noqa: UP006
    (set[str], [{"a"}], [{1}, ["a"]]),
    (frozenset[int], [frozenset({1})], [{1}]),
    (tuple[int, str], [(1, "a")], [(1,), (1, "a", "b"), ("a", 1), [1, "a"]]),
    (tuple[int, ...], [(), (1, 2)], [(1, "a"), [1]]),
    (tuple[()], [()], [(1,)]),
    (dict[str, int], [{}, {"a": 1}], [{1: 1}, {"a": "b"}, []]),
    (dict[str, Any], [{"a": ...}], [{1: 1}]),
    (abc.Mapping[str, list[int]], [{"a": [1]}, collections.OrderedDict(a=[])], [{"a": ["b"]}, [("a", [1])]]),
    (abc.Sequence[str], [["a"], ("a",)], ["abc", b"abc", {"a"}, [1]]),
    (abc.Sequence, [[1]], ["abc"]),
    (abc.Iterable[int], [[1], range(3)], ["ab", 1]),
    (collections.deque[int], [collections.deque([1])], [[1], collections.deque("a")]),
    (collections.defaultdict[str, int], [collections.defaultdict(int)], [{}]),
    (abc.Callable[[int], int], [len, lambda one: one], [1]),
    (type[int], [int, bool], [str, 1]),
    (dict[str, list[Optional[tuple[int, ...]]]], [{"a": [None, (1,)]}], [{"a": [None, ("b",)]}, {"a": None}]),  # noqa: UP045
    (list[Union[int, list[str]]], [[1, ["a"]]], [[1, [1]], ["a"]]),  # noqa: UP007
    (Annotated[int, "whatever"], [1], ["a", True, None]),
    (Annotated[Optional[list[int]], 1], [None, [1]], [["a"]]),  # noqa: UP045
    (list[Annotated[int, 1]], [[1]], [["a"]]),
    (UserId, [UserId(1)], ["a"]),
    (N, [1], ["a"]),
    (S, [1, "a"], [1.0]),
    (T, [1, None], []),
    (Point, [{"x": 1}, {"x": 1, "y": 2}], [{"y": 1}, {"x": "a"}, {"x": 1, "z": 1}, []]),
    (Drawn, [1], []),
    ("list[Mood]", [[Mood.GOOD]], [["good"]]),
]


@pytest.mark.parametrize(("annotation", "good", "bad"), CASES, ids=lambda value: str(value)[:40])
def test_an_annotation(annotation: Any, good: list[Any], bad: list[Any]) -> None:
    @dataclass
    class Model(ValidatedModel):
        value: Any

    Model.__annotations__["value"] = annotation
    Model.__dataclass_fields__["value"].type = annotation
    for value in good:
        assert Model(value).value is value
    for value in bad:
        with pytest.raises(ValidationError, match="Field 'value' must be "):
            Model(value)


@dataclass
class Box(ValidatedModel, Generic[T]):
    item: T
    items: list[T] = field(default_factory=list)


@dataclass
class Numbers(Box[int]):
    pass


U = TypeVar("U")


@dataclass
class Pairs(Box[tuple[U, U]], Generic[U]):
    pass


@dataclass
class Texts(Pairs[str]):
    pass


def test_type_variables_are_what_subclasses_say() -> None:
    Box("a", [1])
    Numbers(1, [2])
    with pytest.raises(ValidationError, match="has 2 errors"):
        Numbers("a", ["b"])
    Texts(("a", "b"))
    with pytest.raises(ValidationError):
        Texts((1, 2))


@dataclass
class Parent(ValidatedModel):
    name: str = field(metadata={"non_empty": True})
    kind: ClassVar[str] = "p"


@dataclass
class Child(Parent):
    age: int = field(default=0, metadata={"ge": 0})
    parent: Parent | None = None


def test_inheritance() -> None:
    Child("a", 1, Parent("b"))
    with pytest.raises(ValidationError) as caught:
        Child("", -1, "c")  # type: ignore[arg-type]
    assert caught.value.fields == ["name", "age", "parent"]
    Parent("a")  # by its own plan


def test_a_field_can_be_declared_anew() -> None:
    @dataclass
    class Loose(Parent):
        name: Any = None

    assert Loose(3).name == 3


@pytest.mark.parametrize(
    "options", [{"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}, {"kw_only": True}]
)
def test_every_kind_of_dataclass(options: dict[str, bool]) -> None:
    @dataclass(**options)
    class Model(ValidatedModel):
        age: int = field(metadata={"ge": 0})

    assert Model(age=1).age == 1
    assert hasattr(Model(age=1), "__dict__") != bool(options.get("slots"))
    with pytest.raises(ValidationError):
        Model(age=-1)


def test_init_vars_and_late_fields() -> None:
    @dataclass
    class Model(ValidatedModel):
        text: InitVar[str]
        length: int = field(init=False, metadata={"ge": 1})
        other: int = field(init=False)

        def __post_init__(self, text: str) -> None:
            self.length = len(text)
            super().__post_init__(text)

    assert Model("abc").length == 3
    with pytest.raises(ValidationError, match="'length'"):
        Model("")


def test_the_key_that_the_database_gives_may_be_missing() -> None:
    @dataclass
    class Row(ValidatedModel):
        id: int = field(default=None, metadata={"pk": True, "auto": True})  # type: ignore[assignment]

    assert Row().id is None
    with pytest.raises(ValidationError):
        Row("a")  # type: ignore[arg-type]


def test_what_is_no_dataclass() -> None:
    class Plain(ValidatedModel):
        pass

    with pytest.raises(TypeError, match="Plain must be a dataclass"):
        Plain().__post_init__()


def test_a_name_that_cannot_be_found() -> None:
    @dataclass
    class Model(ValidatedModel):
        value: Nowhere  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable]

    with pytest.raises(ModelError, match=r"Model\.value: 'Nowhere' in its annotation is not known"):
        Model(1)


def test_a_name_that_cannot_be_found_in_a_typed_dict() -> None:
    @dataclass
    class Model(ValidatedModel):
        value: list[Marked]

    with pytest.raises(
        ModelError,
        match=rf"Model\.value: 'Nowhere', which the TypedDict Marked names, .* in module {__name__}\. Import",
    ):
        Model([])


def test_annotations_are_read_once() -> None:
    """Defect 42: they were read at each construction, which took 37 microseconds."""
    made = plan_of(Child)
    Child("a")
    assert plan_of(Child) is made
    assert plan_of(Parent) is not made
