"""A session, what it sent, and a table of canaries: where hostile texts are tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ferrow import JSON, Base, ForeignKey, Mapped, Session, create_engine, mapped_column, relationship
from ferrow.errors import DatabaseError, Error
from ferrow.types import ListOf, Text
from tests.support.hostile_texts import HOSTILE

SECRET = "the canaries' secret"


class Canary(Base):
    __tablename__ = "canaries"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str]


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    age: Mapped[int | None] = mapped_column(default=None)
    meta: Mapped[dict[str, Any]] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(ListOf(Text()), default=list)
    letters: Mapped[list[Letter]] = relationship()


class Letter(Base):
    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship()


@dataclass
class Plain:
    __tablename__ = "people"

    name: str
    meta: dict[str, Any] = field(default_factory=dict)
    id: int | None = field(default=None, metadata={"primary_key": True})


Place: TypeAlias = "Callable[[Stage, str], Any]"


class Stage:
    """A session, what it sent, and the canaries."""

    def __init__(self, url: str) -> None:
        self.sent: list[str] = []
        self.engine = create_engine(url, trace=lambda trace: self.sent.append(trace.sql))
        self.engine.create_all(Canary, Person, Letter)
        self.session = Session(self.engine)
        self.session.insert_all([Canary(secret=SECRET), Canary(secret=SECRET)])
        ada = self.session.insert(Person(name="Ada", age=36, meta={"plan": "premium"}))
        self.session.insert(Letter(text="Dear Mary", person_id=ada.id))

    @property
    def people(self) -> Any:
        return self.session.query(Person)

    def run(self, statement: Any) -> Any:
        """Execute a statement and read its rows."""
        return self.session.execute(statement).all()

    def try_all(self, place: Place, *, unknown: str | None = None) -> None:
        """Put every text into one place; whatever comes of it must be harmless.

        `unknown` is what the database may say of a name that reached it as a name, and means nothing there.
        """
        for text in HOSTILE:
            self._try(place, text, unknown)
        self.check()

    def _try(self, place: Place, text: str, unknown: str | None) -> None:
        self.sent.clear()
        shown: object = None
        try:
            shown = place(self, text)
        except (Error, AttributeError, TypeError, ValueError, KeyError) as error:
            refused(error, text, unknown)
        for sql in self.sent:
            assert text not in bare(sql) or harmless(text), f"{text!r} became part of {sql}"
        assert SECRET not in repr(shown), f"{text!r} showed the secret"

    def check(self) -> None:
        rows = self.engine.query("SELECT secret FROM canaries")
        assert [row[0] for row in rows] == [SECRET, SECRET]
        assert [(one.name, one.age, one.meta) for one in self.people.all()] == [("Ada", 36, {"plan": "premium"})]
        assert [one.text for one in self.session.query(Letter).all()] == ["Dear Mary"]


def bare(sql: str) -> str:
    """The statement without quoted names and literals, and without labels that need no quotes."""
    sql = re.sub(r"\bAS [a-z_][a-z0-9_]*", "", sql)
    return re.sub(r'"(?:[^"]|"")*"|`(?:[^`]|``)*`|\'(?:[^\']|\'\')*\'', "", sql)


def refused(error: Exception, text: str, unknown: str | None) -> None:
    """It was, before anything was sent: the database has not said so, other than of a value (class 22: data exception)."""
    if unknown is not None and re.search(unknown, str(error)):
        return
    if isinstance(error, DatabaseError) and error.sqlstate and not error.sqlstate.startswith("22"):
        raise AssertionError(f"{text!r} was sent: {error}") from error


def harmless(text: str) -> bool:
    """Whether a text is a plain name, or so short that it is part of statements anyway."""
    return (
        re.fullmatch(r"[a-z_][a-z0-9_]*", text) is not None
        or len(text.strip()) < 2
        or text in ("count(*)", "NULL", "$1", "#>>")
    )
