"""Hostile texts at every place of a statement that takes a name or a value: refused, or a literal name or value.

A canary table stays as it is, and no secret gets out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow import AsyncSession, Base, Mapped, Session, aliased, func, insert, mapped_column, optional, select, update
from ferrow.errors import Error
from tests.support import maybe

SECRET = "s3cr3t"

PIECES = [
    "'",
    '"',
    "`",
    ";",
    "--",
    "/*",
    "*/",
    "\\",
    "\x00",
    "$1",
    "?",
    ":a",
    "%s",
    "{0}",
    "]",
    "(",
    ")",
    ",",
    " OR 1=1",
]
BODIES = [
    "x{}",
    "{}x",
    "name{} OR 1=1",
    "name{}; DROP TABLE canaries; --",
    "name{} UNION SELECT secret FROM canaries --",
    "name{} RETURNING (SELECT secret FROM canaries)",
    "(SELECT secret FROM canaries){}",
    "id{} DESC, (SELECT secret FROM canaries)",
    "email{}) DO UPDATE SET name = (SELECT secret FROM canaries) --",
    '"{}"; DELETE FROM canaries; --',
    "{}$tag$",
    "{}::int",
    "-{}",
    "__{}",
    "é{}\u202e",
    "x" * 70 + "{}",
]
HOSTILE = [body.replace("{}", piece) for body in BODIES for piece in PIECES]


class Canary(Base):
    __tablename__ = "canaries"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str]


class Person(Base):
    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)


def person() -> Any:
    return insert(Person).values(name="n", email="e")


def _run(statement: Callable[[str], Any]) -> Callable[[Any, str], Any]:
    return lambda session, text: session.execute(statement(text))


PLACES: dict[str, Callable[[Any, str], Any]] = {
    "label": _run(lambda t: select(Person.name.label(t))),
    "label sorted by": _run(lambda t: select(Person.id, Person.name.label(t)).order_by(f"-{t}")),
    "order_by": _run(lambda t: select(Person.name).order_by(t)),
    "order_by of a model": _run(lambda t: select(Person).order_by(t, desc=True)),
    "group_by": _run(lambda t: select(func.count()).select_from(Person).group_by(t)),
    "distinct": _run(lambda t: select(Person.name).distinct(t)),
    "filter_by": _run(lambda t: select(Person).filter_by(**{t: "x"})),
    "where a value": _run(
        lambda t: select(Person).where(Person.name == t, Person.name.in_([t]), Person.name.contains(t))
    ),
    "subquery": _run(lambda t: select(func.count()).select_from(select(Person.name).subquery(t))),
    "column of a subquery": _run(lambda t: select(select(Person.name).subquery("s").column(t))),
    "cte": _run(lambda t: select(func.count()).select_from(select(Person.name).cte(t))),
    "alias": _run(
        lambda t: select(Person.name, optional(aliased(Person, t))).left_join(aliased(Person, t), Person.id > 0)
    ),
    "order of a union": _run(lambda t: select(Person.name).union(select(Person.email)).order_by(t)),
    "values key": _run(lambda t: insert(Person).values({t: "x"})),
    "values value": _run(lambda t: insert(Person).values(name=t, email=t).on_conflict_do_nothing("email")),
    "returning": _run(lambda t: person().returning(t)),
    "on_conflict target": _run(lambda t: person().on_conflict_do_nothing(t)),
    "on_conflict update target": _run(lambda t: person().on_conflict_do_update([t])),
    "on_conflict set name": _run(lambda t: person().on_conflict_do_update("email", [t])),
    "on_conflict set key": _run(lambda t: person().on_conflict_do_update("email", {t: "x"})),
    "on_conflict set value": _run(lambda t: person().on_conflict_do_update("email", {"name": t})),
    "from_select": _run(lambda t: insert(Person).from_select([t], select(Person.name))),
    "update key": _run(lambda t: update(Person).values(**{t: "x"})),
    "join": _run(lambda t: select(Person.name).join(t)),  # type: ignore[arg-type]
    "select": _run(lambda t: select(t)),  # type: ignore[call-overload]
    "to_sql": _run(lambda t: select(Person.name).to_sql(t)),
    "upsert target": lambda session, t: session.upsert(Person(name="n", email="u"), t),
    "upsert fields": lambda session, t: session.upsert(Person(name="n", email="u"), "email", [t]),
    "upsert value": lambda session, t: session.upsert(Person(name=t, email=t), "email"),
    "bulk_update key": lambda session, t: session.bulk_update(Person, {t: "x"}),
    "bulk_delete filter": lambda session, t: session.bulk_delete(Person, **{t: "x"}),
    "bulk_update filter": lambda session, t: session.bulk_update(Person, {"name": "x"}, **{t: "x"}),
    "raw value": lambda session, t: session.execute_raw("SELECT name FROM persons WHERE name = :t", {"t": t}),
    "raw name": lambda session, t: session.execute_raw("SELECT name FROM persons WHERE name = :t", {t: "x"}),
}


@pytest.mark.parametrize("place", PLACES)
async def test_hostile_texts(engine: Any, colour: str, place: str) -> None:
    session: Any = (AsyncSession if colour == "async" else Session)(engine)
    await maybe(engine.create_all(Canary, Person))
    await maybe(session.insert(Canary(secret=SECRET)))
    await maybe(session.insert(Person(name="Ada", email="a")))
    assert len(set(HOSTILE)) >= 300

    for text in HOSTILE:
        shown: list[Any] = []
        refused: Exception | None = None
        try:
            shown = _everything(await maybe(PLACES[place](session, text)))
        except (Error, TypeError, ValueError) as error:
            refused = error
        # Refused before sending (or as a value: NUL), never for what the database made of a part of the text.
        assert getattr(refused, "sqlstate", None) in (None, "22021"), (place, text, refused)
        assert not any(said in str(refused) for said in ("syntax error", "no such", "unrecognized")), (
            place,
            text,
            refused,
        )
        assert not any(SECRET in str(one) for one in [*shown, refused]), (place, text)

    canaries = await maybe(session.query(Canary).all())
    assert [one.secret for one in canaries] == [SECRET]


def _everything(result: Any) -> list[Any]:
    if result is None or isinstance(result, (int, tuple)):
        return []
    return list(result.all()) if hasattr(result, "all") else [getattr(result, "name", result)]
