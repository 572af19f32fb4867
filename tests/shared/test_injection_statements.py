"""No text becomes SQL, in statements, raw SQL and results."""

from __future__ import annotations

import pytest

from ferrow import Session, aliased, excluded, func, insert, optional, select, update
from ferrow.sql import Insert, Select, Values, dialect, recursive, true
from ferrow.types import Text
from tests.support.stage import Letter, Person, Place, Plain, Stage


def quoted(name: str) -> str:
    """The name as somebody who writes SQL by hand should write it."""
    return '"' + name.replace('"', '""') + '"'


NEW = insert(Person).values(id=-1, name="Ada", meta={})

PLACES: dict[str, Place] = {
    "label": lambda s, text: s.run(select(Person.name.label(text))),
    "group_by": lambda s, text: s.run(select(func.count()).group_by(text)),
    "distinct": lambda s, text: s.run(select(Person.name).distinct(text)),
    "order_by": lambda s, text: s.run(select(Person.name).order_by(f"-{text}")),
    "order_by of a union": lambda s, text: s.run(select(Person.name).union(select(Letter.text)).order_by(text)),
    "filter_by": lambda s, text: s.run(select(Person.name).filter_by(**{text: 1})),
    "limit": lambda s, text: s.run(select(Person.name).limit(text)),
    "join": lambda s, text: s.run(select(Person.name).join(text)),
    "select_from": lambda s, text: s.run(select(func.count()).select_from(text)),
    "alias": lambda s, text: s.run(
        select(optional(aliased(Letter, text))).select_from(Person).left_join(aliased(Letter, text), true())
    ),
    "subquery": lambda s, text: s.run(select(func.count()).select_from(select(Person.name).subquery(text))),
    "subquery, a column": lambda s, text: s.run(select(select(Person.name).subquery("x").column(text))),
    "subquery, an attribute": lambda s, text: getattr(select(Person.name).subquery("x").c, text),
    "subquery, its label": lambda s, text: s.run(select(select(Person.name.label(text)).subquery("x").column(text))),
    "cte": lambda s, text: s.run(select(select(Person.name).cte(text).c.name)),
    "cte, recursive": lambda s, text: s.run(select(_generations(text).c.id)),
    "values, its name": lambda s, text: s.run(select(Values(text, {"a": Text()}, [("x",)]).c.a)),
    "values, a column": lambda s, text: s.run(select(Values("v", {text: Text()}, [(text,)]).column(text))),
    "for_update": lambda s, text: s.run(select(Person).for_update(of=[text])),
    "to_sql": lambda s, text: select(Person).to_sql(text),
    "insert, a key": lambda s, text: s.run(insert(Person).values({"name": "x", text: 1})),
    "insert, a keyword": lambda s, text: s.run(insert(Person).values(**{text: 1})),
    "insert, from a query": lambda s, text: s.run(insert(Person).from_select([text], select(Person.name))),
    "insert, returning": lambda s, text: s.run(NEW.returning(text)),
    "conflict, nothing": lambda s, text: s.run(NEW.on_conflict_do_nothing(text)),
    "conflict, target": lambda s, text: s.run(NEW.on_conflict_do_update(["name", text])),
    "conflict, fields": lambda s, text: s.run(NEW.on_conflict_do_update("name", [text])),
    "conflict, keys": lambda s, text: s.run(NEW.on_conflict_do_update("name", {text: 1})),
    "conflict, excluded": lambda s, text: excluded(text),
    "update": lambda s, text: s.run(update(Person).where(Person.id == -1).values(**{text: 1})),
    "update, returning": lambda s, text: s.run(update(Person).where(Person.id == -1).values(name=text).returning(text)),
    "upsert, target": lambda s, text: s.session.upsert(Person(name="Ada", age=36, meta={}), text),
    "upsert, fields": lambda s, text: s.session.upsert(Person(name="Ada", age=36, meta={}), "name", [text]),
    "upsert_all": lambda s, text: s.session.upsert_all([Person(name="Ada", meta={})], ["name", text], [text]),
    "bulk_update": lambda s, text: s.session.bulk_update(Person, {text: 1}),
    "bulk_delete, a keyword": lambda s, text: s.session.bulk_delete(Person, **{text: 1}),
    "bulk_update, a keyword": lambda s, text: s.session.bulk_update(Person, {"age": 1}, **{text: 1}),
    "get of a dataclass": lambda s, text: s.session.get(Plain, {text: 1}),
    "raw, a name": lambda s, text: s.session.execute_raw("SELECT id FROM people WHERE name = :name", {text: "x"}),
    "raw, a value": lambda s, text: s.session.execute_raw(
        "SELECT id FROM people WHERE name = :wanted", {"wanted": text}
    ).all(),
    "result, column": lambda s, text: s.session.execute_raw("SELECT name FROM people").column(text),
    "result, columns": lambda s, text: s.session.execute_raw("SELECT name FROM people").columns_as_tuples([text]),
    "result, to_models": lambda s, text: s.session.execute_raw(f"SELECT name AS {quoted(text)} FROM people").to_models(
        Person
    ),
    "result, models": lambda s, text: s.session.execute(select(Person.name.label(text))).models(Person),
    "result, dicts": lambda s, text: s.session.execute(select(Person.name.label(text))).dicts(),
    "row": lambda s, text: next(iter(s.session.execute_raw("SELECT name FROM people")._rows))[text],
    "isolation": lambda s, text: s.session.begin(isolation=text).__enter__(),
    "session": lambda s, text: Session(text),
    "node, a label": lambda s, text: Select([Person.name.label(text)], Person.name.table),
    "node, a column": lambda s, text: Insert(Person.name.table, [text]),
    "dialect": lambda s, text: dialect.ALL[text],
}
UNKNOWN = {"result, to_models": "zero-length|unterminated|null"}
"""What the database may say of an SQL text that was written by hand."""


def _generations(name: str) -> object:
    first = select(Person.id).query()
    return recursive(name, first, lambda me: Select([me.c.id], me, where=me.c.id < 0))


@pytest.mark.parametrize("place", PLACES)
def test_no_text_becomes_sql(stage: Stage, place: str) -> None:
    stage.try_all(PLACES[place], unknown=UNKNOWN.get(place))
