"""Fields of documents that nothing makes of JSON, but that have a default and can be left empty: refused once they are not."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, TypeVar
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict

from ferrow import JSON, Base, Mapped, columns, mapped_column
from ferrow.errors import DataError, ModelError
from ferrow.model import table_of
from tests.support import entered, maybe

T = TypeVar("T")
ONE = UUID(int=1)


class Money:
    """A class of the program's, which says nothing of JSON."""


class Shape(ABC):
    """One whose subclasses do."""

    @abstractmethod
    def area(self) -> float: ...


@dataclass
class Square(Shape):
    side: float

    def area(self) -> float:
        return self.side**2


class Steps(NamedTuple):
    first: UUID
    then: Callable[[], None] | None = None


@dataclass
class Box(Generic[T]):
    value: T | None = None


@dataclass
class Upload:
    name: str
    body: bytes | None = None
    done: Callable[[], None] | None = None
    lax: Money = None  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
    handlers: list[Callable[[], None]] = field(default_factory=list)
    by_name: dict[str, UUID | Money] = field(default_factory=dict)
    few: tuple[Money, ...] = ()
    shape: Shape | None = None
    view: MappingProxyType[str, int] | None = None
    steps: Steps | None = None
    box: Box[Money] | None = None
    inner: Upload | None = None
    made: Money | None = field(init=False, default=None)
    NONE: ClassVar[Upload]


Upload.NONE = Upload("none")  # is in itself, as a class has it


class Declarative(Base):
    __tablename__ = "empty_fields"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload: Mapped[Upload]
    more: Mapped[list[Upload | dict[str, UUID]] | None]


@dataclass
class Data:
    __tablename__ = "empty_fields"

    id: int
    upload: Upload
    more: list[Upload | dict[str, UUID]] | None = None


class Model(BaseModel):
    """Pydantic knows nothing of these classes either."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    __tablename__: ClassVar[str] = "empty_fields"

    id: int
    upload: Annotated[Upload, mapped_column(JSON)]
    more: Annotated[list[Upload | dict[str, UUID]] | None, mapped_column(JSON)] = None


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


def filled() -> Upload:
    return Upload("a", by_name={"b": ONE}, steps=Steps(ONE), box=Box(), inner=Upload("c"))


async def test_they_come_back_empty(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, upload=filled(), more=[Upload("d"), {"e": ONE}])))
    async with entered(type(session)(engine)) as own:
        found = await maybe(own.get(model, 1))
        assert (found.upload, found.more) == (filled(), [Upload("d"), {"e": ONE}])
        assert (type(found.upload.steps), type(found.upload.few)) == (Steps, tuple)
        assert not own.is_modified(found)
        found.upload.by_name["f"] = ONE
        await maybe(own.commit())
    assert (await maybe(session.get(model, 1))).upload.by_name == {"b": ONE, "f": ONE}


async def test_what_the_document_does_not_have_is_the_default(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, upload=filled())))
    await maybe(engine.script("""UPDATE empty_fields SET upload = '{"name": "a"}'"""))
    assert (await maybe(session.query(model).first())).upload == Upload("a")


VALUES: list[tuple[str, Any, str]] = [
    ("body", b"x", "['body']: nothing is known that makes bytes of JSON, so bytes b'x' would not come back"),
    ("body", "x", "['body']: nothing is known that makes bytes of JSON, so str 'x' would not come back"),
    ("body", bytearray(b"x"), "['body']: nothing is known that makes bytes of JSON, so bytearray "),
    ("lax", 5, "['lax']: nothing is known that makes Money of JSON, so int 5 would not come back"),
    ("shape", {"side": 2}, "['shape']: nothing is known that makes Shape of JSON, so dict {'side': 2} would not "),
    ("done", print, "['done']: nothing is known that makes "),
    ("lax", Money(), "['lax']: nothing is known that makes Money of JSON"),
    ("handlers", [print], "['handlers'][0]: nothing is known that makes "),
    ("by_name", {"a": ONE, "b": Money()}, "['by_name']['b']: nothing is known that makes Money of JSON"),
    ("few", (Money(),), "['few'][0]: nothing is known that makes Money of JSON"),
    ("shape", Square(2), "['shape']: nothing is known that makes Shape of JSON, so Square "),
    ("view", MappingProxyType({"a": 1}), "['view']: nothing is known that makes "),
    ("steps", Steps(ONE, print), "['steps'][1]: nothing is known that makes "),
    ("box", Box(Money()), "['box']['value']: nothing is known that makes Money of JSON"),
    ("inner", Upload("c", b"x"), "['inner']['body']: nothing is known that makes bytes of JSON"),
]


@pytest.mark.only(backend=("sqlite", "postgresql"))
@pytest.mark.parametrize(("name", "value", "words"), VALUES)
async def test_what_would_not_come_back_is_refused(
    session: Any, engine: Any, model: Any, name: str, value: Any, words: str
) -> None:
    await maybe(engine.create_all(model))
    for given, where in (
        (model(id=1, upload=Upload("a", **{name: value})), f"{model.__name__}.upload: at {words}"),
        (model(id=1, upload=Upload("a"), more=[Upload("b", **{name: value})]), f"{model.__name__}.more: at [0]{words}"),
    ):
        with pytest.raises(DataError) as caught:
            await maybe(session.insert(given))
        assert str(caught.value).startswith(where)
    assert await maybe(session.query(model).count()) == 0


async def test_so_are_changes_and_what_is_compared(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, upload=filled())))
    wrong, words = Upload("a", shape=Square(2)), rf"^{model.__name__}\.upload: at \['shape'\]: nothing is known"
    with pytest.raises(DataError, match=words):
        await maybe(session.query(model).update(upload=wrong))
    with pytest.raises(DataError, match=words):
        await maybe(session.query(model).filter(columns(model).upload == wrong).count())
    async with entered(type(session)(engine)) as own:
        found = await maybe(own.get(model, 1))
        found.upload.shape = wrong.shape
        with pytest.raises(DataError, match=words):
            await maybe(own.commit())
        await maybe(own.rollback())
    assert (await maybe(session.get(model, 1))).upload == filled()


async def test_what_others_have_written_there_is_an_error(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, upload=filled())))
    await maybe(engine.script("""UPDATE empty_fields SET upload = '{"name": "a", "handlers": ["x"]}'"""))
    with pytest.raises(DataError) as caught:
        await maybe(session.query(model).first())
    assert (
        str(caught.value).splitlines()[0].startswith(f"column {model.__name__}.upload: at ['handlers'][0]: expected ")
    )
    assert str(caught.value).splitlines()[0].endswith("which nothing makes of JSON, got str 'x'")


async def test_what_is_inside_can_be_asked_for(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, upload=filled())))
    upload = columns(model).upload
    for condition in (
        upload.path(lambda upload: upload.name) == "a",
        upload.path(lambda upload: upload.inner.name) == "c",
        upload.path(lambda upload: upload.inner) == Upload("c"),
    ):
        assert await maybe(session.query(model).filter(condition).count()) == 1
    assert await maybe(session.query(model).values_list("upload__inner", flat=True)) == [Upload("c")]


@dataclass
class Drawn:
    shape: Shape | None = None
    body: bytes | None = None


@dataclass
class Squared(Drawn):
    shape: Square | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    body: str | None = None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]


@dataclass
class Derived(Drawn):
    body: str | None = None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]


class Drawings(Base):
    __tablename__ = "drawings"

    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[list[Drawn | Squared]]


@pytest.mark.only(style="declarative", backend=("sqlite", "postgresql"))
async def test_a_derived_class_of_the_document_has_its_own_fields(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Drawings))
    drawings = [Squared(Square(2), "x"), Drawn()]
    await maybe(session.insert(Drawings(id=1, x=drawings)))
    found = await maybe(session.get(Drawings, 1))
    assert found.x == drawings
    with pytest.raises(DataError, match=r"Drawings\.x: at \[0\]\['body'\]: .* bytes of JSON, so str 'x' "):
        await maybe(session.insert(Drawings(id=2, x=[Derived(body="x")])))


@dataclass
class Locked:
    lock: threading.Thread = field(default_factory=threading.Thread)


@dataclass
class Needed:
    body: bytes | None


@dataclass
class Wallet:
    money: Money


@dataclass
class Holding:
    wallets: Sequence[Wallet] = ()
    by_name: Mapping[str, Wallet] | None = None


@pytest.mark.only(style="declarative", colour="sync")
@pytest.mark.parametrize(
    ("python", "where"),
    [(Locked, "Thing.x.lock: "), (Needed, "Thing.x.body: "), (Holding, "Thing.x.wallets[...].money: ")],
)
def test_what_can_never_be_left_empty_is_an_error_of_the_model(python: Any, where: str) -> None:
    body: dict[str, Any] = {"__annotations__": {"id": Mapped[int], "x": Mapped[python]}, "__module__": __name__}
    thing = type("Thing", (Base,), body | {"id": mapped_column(primary_key=True)})
    with pytest.raises(ModelError) as caught:
        _ = table_of(thing).column("x").type
    assert str(caught.value).startswith(where)
    assert "give it a default" in str(caught.value)
