"""What a unit of work may not let go of although nobody holds it: somebody would miss it. Each model says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, ConfigDict, PrivateAttr

from ferrow import Base, ForeignKey, Mapped, Session, create_engine, mapped_column, relationship, selectinload

BERLIN = ZoneInfo("Europe/Berlin")


class Private(BaseModel):
    __tablename__: ClassVar[str] = "missed"

    id: int | None = None
    _note: list[str] = PrivateAttr(default_factory=list)

    def put(self) -> None:
        self._note.append("mine")

    def taken(self) -> Any:
        return self._note


class Extra(BaseModel):
    __tablename__: ClassVar[str] = "missed"
    model_config = ConfigDict(extra="allow")

    id: int | None = None

    def put(self) -> None:
        self.note = ["mine"]  # type: ignore[attr-defined]

    def taken(self) -> Any:
        return self.note  # type: ignore[attr-defined]


class Noted:
    __slots__ = ("note",)

    note: list[str]

    def put(self) -> None:
        self.note = ["mine"]

    def taken(self) -> Any:
        return self.note


@dataclass(slots=True)
class Slotted(Noted):
    __tablename__: ClassVar[str] = "missed"

    id: int | None = None


class Plain(Noted, Base):
    __tablename__ = "missed"

    id: Mapped[int] = mapped_column(primary_key=True)


GRAVE: list[Any] = []


class Rising(Base):
    """A finalizer brings it back."""

    __tablename__ = "missed"

    id: Mapped[int] = mapped_column(primary_key=True)

    def __del__(self) -> None:
        GRAVE.append(self)


@dataclass
class Stored:
    __tablename__: ClassVar[str] = "stored"

    id: int | None = None
    raw: bytes = b""
    at: datetime | None = field(default=None, metadata={"timezone": True})
    ratio: float = 0.0


class Writer(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    pages: Mapped[list[Page]] = relationship(back_populates="writer")


class Page(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(default="")
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("writers.id"), default=None)
    writer: Mapped[Writer | None] = relationship(back_populates="pages")


@pytest.fixture
def engine() -> Iterator[Any]:
    with create_engine("sqlite://") as engine:
        yield engine


@pytest.mark.parametrize("model", [Private, Extra, Slotted, Plain])
def test_what_is_not_in_the_row(engine: Any, model: Any) -> None:
    engine.create_all(model)
    session = Session(engine)
    session.insert(model(id=1))
    with session.begin():
        session.get(model, 1).put()
        for _ in range(2):
            session.query(model).count()
        assert session.get(model, 1).taken() == ["mine"]


def test_what_a_finalizer_brings_back(engine: Any) -> None:
    engine.create_all(Rising)
    session = Session(engine)
    session.insert_all([Rising(), Rising()])
    GRAVE.clear()
    with session.begin():
        session.query(Rising).all()
        session.query(Rising).count()
        for one in session.query(Rising).stream(batch_size=1):
            del one
        assert len(GRAVE) == 2  # what the stream read once more
    GRAVE.clear()


def test_bytes_that_are_changed_in_place(engine: Any) -> None:
    engine.create_all(Stored)
    with Session(engine) as session:
        raw = bytearray(b"a")
        session.add(Stored(raw=raw))  # type: ignore[arg-type]
        session.commit()
        raw.extend(b"b")
        session.commit()
        one = session.get(Stored, 1)
        one.raw = memoryview(raw)  # type: ignore[assignment]
        session.commit()
        assert not session.dirty
        raw[0] = 99
        session.commit()
        assert session.query(Stored).values_list("raw", flat=True) == [b"cb"]


def test_equal_values_that_are_stored_differently(engine: Any) -> None:
    engine.create_all(Stored)
    with Session(engine) as session:
        one = Stored(at=datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN))
        session.add(one)
        session.commit()
        assert one.at is not None
        one.at = one.at.replace(fold=1)
        session.commit()
        (at,) = session.query(Stored).values_list("at", flat=True)
        assert at.astimezone(UTC).hour == 1
        one.ratio = -0.0
        assert session.dirty == [one]
        session.rollback()


def test_relations_that_are_set_where_nobody_holds_the_instance(engine: Any) -> None:
    engine.create_all(Writer, Page)
    session = Session(engine)
    session.insert_all([Writer(), Writer(), *[Page() for _ in range(5)]])
    with session.begin():
        writer = session.get(Writer, 2)
        for page in session.query(Page).stream(batch_size=2):
            page.writer = writer
        del page, writer
        session.query(Page).count()
    assert session.query(Page).filter(writer_id=2).count() == 5


@pytest.mark.parametrize("what", ["child", "collection"])
def test_relations_whose_owner_nobody_holds(engine: Any, what: str) -> None:
    engine.create_all(Writer, Page)
    session = Session(engine)
    session.insert(Writer())
    session.insert(Page(writer_id=1))
    with session.begin():
        held: Any = session.query(Writer).options(selectinload(Writer.pages)).one().pages
        if what == "child":
            held = held[0]
        for _ in range(2):
            session.query(Writer).count()
        if what == "child":
            held.text = "x"
        else:
            held.append(Page(text="x"))
        del held
    assert session.query(Page).filter(text="x", writer_id=1).count() == 1
