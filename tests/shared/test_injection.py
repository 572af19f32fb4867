"""No text becomes SQL: three hundred hostile ones through every place that takes a name, a key, a path, an alias or an option.

Each is refused before anything is sent, or reaches the database as a quoted name or as a parameter. After all of them a table of
canaries is as it was, and nothing has shown its secret. Here: what sessions and simple queries take; beside it what is built upon
them, statements, expressions.
"""

from __future__ import annotations

import pytest

from ferrow import Q, delete, func, insert, select, update
from tests.support.hostile_texts import HOSTILE
from tests.support.stage import Person, Place, Stage

PLACES: dict[str, Place] = {
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
    stage.try_all(PLACES[place])
