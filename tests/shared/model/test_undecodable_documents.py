"""Classes in documents that nothing makes of JSON: an error before anything is written or read, unless JSON's own values are such."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Reversible
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple, Protocol, SupportsInt, TypeVar, Unpack
from uuid import UUID

import pytest
from pydantic import AnyUrl, BaseModel, ConfigDict
from typing_extensions import TypedDict

from ferrow import JSON, Base, Mapped, mapped_column
from ferrow.errors import DataError, ModelError
from ferrow.model import table_of
from tests.support import maybe

T = TypeVar("T")


class Money:
    """A class of the program's, which says nothing of JSON."""


class Email(str):
    __slots__ = ()


class Moment(datetime.datetime):
    """A class derived from one that documents have."""


class Theme(Enum):
    DARK = 1


class Named(Protocol):
    name: str


@dataclass
class Wallet:
    money: Money


@dataclass
class Owner:
    name: str
    wallets: dict[str, list[Wallet]] | None = None


@dataclass
class Box(Generic[T]):
    value: T


class Pair(NamedTuple):
    left: int
    right: Money


class Options(TypedDict):
    money: Money


@dataclass
class Link:
    url: AnyUrl


def column(python: Any) -> Any:
    body = {"__annotations__": {"id": Mapped[int], "x": Mapped[python]}, "id": mapped_column(primary_key=True)}
    return table_of(type("Thing", (Base,), body | {"x": mapped_column(JSON), "__module__": __name__})).column("x")


@pytest.mark.only(style="declarative", colour="sync")
@pytest.mark.parametrize(
    ("python", "where"),
    [
        (Money, "Thing.x: nothing is known that makes Money of JSON"),
        (list[Money], "Thing.x[...]: nothing is known that makes Money of JSON"),
        (dict[str, Money | None], "Thing.x[...]: nothing is known that makes Money of JSON"),
        (dict[Money, int], "Thing.x[...]: nothing is known that makes Money of JSON"),
        (tuple[int, Money], "Thing.x[1]: nothing is known that makes Money of JSON"),
        (tuple[int, *tuple[UUID, ...]], "Thing.x: nothing is known that makes tuple"),
        (list[tuple[int, Unpack[tuple[UUID, ...]]]], "Thing.x[...]: nothing is known that makes tuple"),  # noqa: UP044  # as it was spelled before
        (list[int | Money], "Thing.x[...]: nothing is known that makes Money of JSON"),
        (Owner, "Thing.x.wallets[...][...].money: nothing is known that makes Money of JSON"),
        (Box[Box[Money]], "Thing.x.value.value: nothing is known that makes Money of JSON"),
        (Pair, "Thing.x.right: nothing is known that makes Money of JSON"),
        (Options, "Thing.x.money: nothing is known that makes Money of JSON"),
        (list[bytes], "Thing.x[...]: nothing is known that makes bytes of JSON"),
        (list[datetime.timedelta], "Thing.x[...]: nothing is known that makes timedelta of JSON"),
        (list[Callable[[], int]], "Thing.x[...]: nothing is known that makes "),
        (Reversible[UUID], "Thing.x: nothing is known that makes "),
        (MappingProxyType[str, UUID], "Thing.x: nothing is known that makes "),
    ],
)
def test_the_error_says_what_is_where(python: Any, where: str) -> None:
    with pytest.raises(ModelError) as caught:
        _ = column(python).type
    assert str(caught.value).startswith(where)
    assert "a dataclass, NamedTuple, TypedDict, Enum or Pydantic model" in str(caught.value)
    assert ("type_=" in str(caught.value)) == where.startswith("Thing.x:")


@pytest.mark.only(style="declarative", colour="sync")
async def test_of_values_that_json_has_itself(session: Any, engine: Any) -> None:
    for python in (Any, object, Hashable, SupportsInt, Named, list[Any], dict[str, object], Reversible[int], Box, T):
        assert column(python).type.kind == "json", python


class Derived(Base):
    __tablename__ = "derived_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    emails: Mapped[list[Email]]
    moments: Mapped[dict[str, Moment]]
    themes: Mapped[list[Literal[Theme.DARK, "none"]]]


@pytest.mark.only(style="declarative")
async def test_of_classes_derived_from_what_documents_have(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Derived))
    moment = Moment(2024, 2, 29)
    await maybe(
        session.insert(Derived(id=1, emails=[Email("a@b.c")], moments={"a": moment}, themes=[Theme.DARK, "none"]))
    )
    found = await maybe(session.query(Derived).first())
    assert (found.emails, found.moments, found.themes) == (["a@b.c"], {"a": moment}, [Theme.DARK, "none"])
    assert (type(found.emails[0]), type(found.moments["a"])) == (Email, Moment)
    await maybe(engine.script("UPDATE derived_values SET emails = '[5]'"))
    with pytest.raises(DataError, match=r"column Derived.emails: at \[0\]: expected Email, got int 5"):
        await maybe(session.query(Derived).all())


class Validated(BaseModel):
    """Pydantic knows classes that Ferrow does not."""

    __tablename__: ClassVar[str] = "validated_documents"

    id: int
    url: list[AnyUrl]
    link: Link
    waits: dict[str, datetime.timedelta]


@pytest.mark.only(style="pydantic")
async def test_of_classes_that_pydantic_knows(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Validated))
    url = AnyUrl("https://example.org/")
    given = {"id": 1, "url": [url], "link": Link(url), "waits": {"a": datetime.timedelta(days=1)}}
    await maybe(session.insert(Validated(**given)))
    found = await maybe(session.query(Validated).first())
    assert {name: getattr(found, name) for name in given} == given


@dataclass
class Upload:
    name: str
    body: bytes | None = None
    done: Callable[[], None] | None = None


class OnlyValidated(BaseModel):
    """All else is read as it is: it is for the one column that the validator must be called."""

    __tablename__: ClassVar[str] = "only_validated_documents"

    id: int
    upload: Annotated[Upload, mapped_column(JSON)]


@pytest.mark.only(style="pydantic")
async def test_of_classes_in_a_dataclass_that_pydantic_knows(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(OnlyValidated))
    await maybe(session.insert(OnlyValidated(id=1, upload=Upload("a", b"b"))))
    found = await maybe(session.query(OnlyValidated).first())
    assert found.upload == Upload("a", b"b")


class Taken(BaseModel):
    """What Pydantic takes as it is, and Ferrow makes."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    __tablename__: ClassVar[str] = "taken_documents"

    id: int
    emails: Annotated[list[Email], mapped_column(JSON)]
    moments: dict[str, list[Moment]]


@pytest.mark.only(style="pydantic")
async def test_of_classes_that_pydantic_takes_as_they_are(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Taken))
    given = Taken(id=1, emails=[Email("a@b.c")], moments={"a": [Moment(2024, 2, 29)]})
    await maybe(session.insert(given))
    found = await maybe(session.query(Taken).first())
    assert found == given
    assert (type(found.emails[0]), type(found.moments["a"][0])) == (Email, Moment)


class Unvalidated(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: int
    wallet: Annotated[Wallet, mapped_column(JSON)]


@pytest.mark.only(style="pydantic", colour="sync")
def test_of_classes_that_pydantic_does_not_know_either_the_error_says_where() -> None:
    with pytest.raises(ModelError, match=r"^Unvalidated\.wallet\.money: nothing is known that makes Money of JSON"):
        _ = table_of(Unvalidated).column("wallet").type
