"""No text becomes SQL: three hundred hostile ones through every place that takes a name, a key, a path, an alias or an option.

Each is refused before anything is sent, or reaches the database as a quoted name or as a parameter. After all of them a table of
canaries is as it was, and nothing has shown its secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ferrow import JSON, Base, Mapped, Q, Session, create_engine, delete, func, insert, mapped_column, select, update
from ferrow.errors import DatabaseError, Error
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


class Stage:
    """A session, what it sent, and the canaries."""

    def __init__(self, url: str) -> None:
        self.sent: list[str] = []
        self.engine = create_engine(url, trace=lambda trace: self.sent.append(trace.sql))
        self.engine.create_all(Canary, Person)
        self.session = Session(self.engine)
        self.session.insert_all([Canary(secret=SECRET), Canary(secret=SECRET)])
        self.session.insert(Person(name="Ada", age=36, meta={"plan": "premium"}))

    @property
    def people(self) -> Any:
        return self.session.query(Person)

    def try_(self, place: Callable[[Stage, str], Any], text: str) -> None:
        """Put one text into one place; whatever comes of it must be harmless."""
        self.sent.clear()
        shown: object = None
        try:
            shown = place(self, text)
        except (Error, TypeError, ValueError, KeyError) as error:
            refused(error, text)
        for sql in self.sent:
            assert text not in bare(sql) or harmless(text), f"{text!r} became part of {sql}"
        assert SECRET not in repr(shown), f"{text!r} showed the secret"

    def check(self) -> None:
        rows = self.engine.query("SELECT secret FROM canaries")
        assert [row[0] for row in rows] == [SECRET, SECRET]
        assert [(one.name, one.age, one.meta) for one in self.people.all()] == [("Ada", 36, {"plan": "premium"})]


def bare(sql: str) -> str:
    """The statement without quoted names and literals."""
    return re.sub(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'', "", sql)


def refused(error: Exception, text: str) -> None:
    """It was, before anything was sent: the database has not said so, other than of a value (class 22: data exception)."""
    if isinstance(error, DatabaseError) and error.sqlstate and not error.sqlstate.startswith("22"):
        raise AssertionError(f"{text!r} was sent: {error}") from error


def harmless(text: str) -> bool:
    """Whether a text is a plain name, or so short that it is part of statements anyway."""
    return (
        re.fullmatch(r"[a-z_][a-z0-9_]*", text) is not None
        or len(text.strip()) < 2
        or text in ("count(*)", "NULL", "$1")
    )


@pytest.fixture
def stage(url: str) -> Iterator[Stage]:
    stage = Stage(url)
    yield stage
    stage.engine.close()


PLACES: dict[str, Callable[[Stage, str], Any]] = {
    "filter keyword": lambda s, text: s.people.filter(**{text: 1}).all(),
    "filter operator": lambda s, text: s.people.filter(**{f"name__{text}": "x"}).all(),
    "filter value": lambda s, text: s.people.filter(name=text).all(),
    "filter pattern": lambda s, text: s.people.filter(name__contains=text).all(),
    "filter list": lambda s, text: s.people.filter(name__in=[text, text]).all(),
    "filter number": lambda s, text: s.people.filter(age=text).all(),
    "filter_by keyword": lambda s, text: s.people.filter_by(**{text: 1}).all(),
    "Q keyword": lambda s, text: s.people.filter(Q(**{text: 1}) | ~Q(name="x", **{text: 2})).all(),
    "JSON path": lambda s, text: s.people.filter(**{f"meta__{text}": "x"}).all(),
    "JSON path with an operator": lambda s, text: s.people.filter(**{f"meta__{text}__gt": 5}).all(),
    "JSON value": lambda s, text: s.people.filter(meta__plan=text).all(),
    "JSON key": lambda s, text: s.people.filter(meta__has_key=text).all(),
    "JSON contents": lambda s, text: s.people.filter(meta__json_contains={text: text}).all(),
    "order_by": lambda s, text: s.people.order_by(text).all(),
    "order_by, descending": lambda s, text: s.people.order_by(f"-{text}").all(),
    "limit": lambda s, text: s.people.limit(text).all(),
    "offset": lambda s, text: s.people.offset(text).all(),
    "values": lambda s, text: s.people.values(text),
    "values_list": lambda s, text: s.people.values_list("id", text),
    "aggregates": lambda s, text: [s.people.sum(text), s.people.avg(text), s.people.min(text), s.people.max(text)],
    "update keyword": lambda s, text: s.people.filter(id=-1).update(**{text: 1}),
    "get": lambda s, text: s.session.get(Person, text),
    "get by name": lambda s, text: s.session.get(Person, {text: 1}),
    "label": lambda s, text: s.people.values(func.count().label(text)),
    "select, order_by": lambda s, text: s.session.execute(select(Person).order_by(text)).all(),
    "select, filter_by": lambda s, text: s.session.execute(select(Person).filter_by(**{text: 1})).all(),
    "insert values": lambda s, text: s.session.execute(insert(Person).values({text: 1})),
    "insert returning": lambda s, text: s.session.execute(insert(Person).values(name="x").returning(text)),
    "update values": lambda s, text: s.session.execute(update(Person).where(Person.id == -1).values(**{text: 1})),
    "delete returning": lambda s, text: s.session.execute(delete(Person).where(Person.id == -1).returning(text)),
    "update an instance": lambda s, text: s.session.update(s.people.first(), **{text: 1}),
    "savepoint": lambda s, text: _savepoint(s, text),
    "raw parameter": lambda s, text: s.session.execute_raw("SELECT id FROM people WHERE name = ?", [text]).all(),
}


def _savepoint(stage: Stage, text: str) -> None:
    with stage.engine.connection() as conn, conn.transaction() as tx:
        tx.savepoint(text)


def test_there_are_three_hundred() -> None:
    assert len(HOSTILE) >= 300


@pytest.mark.parametrize("place", PLACES)
def test_no_text_becomes_sql(stage: Stage, place: str) -> None:
    for text in HOSTILE:
        stage.try_(PLACES[place], text)
    stage.check()
