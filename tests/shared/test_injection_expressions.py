"""No text becomes SQL, in expressions: functions, paths in documents, lists, patterns, columns by name."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import all_, any_, case, column, columns, func, select
from ferrow.sql import Expr, cast, literal
from ferrow.types import Enum, Integer, Text
from tests.support.stage import Person, Place, Plain, Stage


def shown(expr: Expr[Any]) -> Any:
    """Read the value of an expression for every person."""
    return select(Person.id, expr.label("x"))


PLACES: dict[str, Place] = {
    "call": lambda s, text: s.run(shown(func.call(text, Person.name, type=Text()))),
    "call, its schema": lambda s, text: s.run(shown(func.call("lower", Person.name, type=Text(), schema=text))),
    "call, an argument": lambda s, text: s.run(shown(func.call("lower", text, type=Text()))),
    "call, an aggregate": lambda s, text: s.run(select(func.call(text, Person.age, type=Integer(), aggregate=True))),
    "extract": lambda s, text: s.run(shown(func.extract(text, func.now()))),
    "date_trunc": lambda s, text: s.run(shown(func.date_trunc(text, func.now()))),
    "concat": lambda s, text: s.run(shown(func.concat(Person.name, text))),
    "coalesce": lambda s, text: s.run(shown(func.coalesce(Person.name, text))),
    "nullif": lambda s, text: s.run(shown(func.nullif(Person.name, text))),
    "greatest": lambda s, text: s.run(shown(func.greatest(Person.name, text))),
    "replace": lambda s, text: s.run(shown(func.replace(Person.name, text, text))),
    "substr": lambda s, text: s.run(shown(func.substr(Person.name, text))),
    "trim": lambda s, text: s.run(shown(func.trim(Person.name, text))),
    "round": lambda s, text: s.run(shown(func.round(Person.age, text))),
    "string_agg": lambda s, text: s.run(select(func.string_agg(Person.name, text))),
    "lag": lambda s, text: s.run(shown(func.lag(Person.name, 1, text).over(order_by=Person.id))),
    "window, its order": lambda s, text: s.run(shown(func.rank().over(order_by=text))),
    "window, its parts": lambda s, text: s.run(shown(func.rank().over(partition_by=text, order_by=Person.id))),
    "window, its frame": lambda s, text: s.run(shown(func.sum(Person.id).over(order_by=Person.id, rows=(text, 0)))),
    "aggregate, filtered": lambda s, text: s.run(select(func.count().filter(Person.name == text))),
    "aggregate, its order": lambda s, text: s.run(select(func.array_agg(Person.name, order_by=text))),
    "case": lambda s, text: s.run(shown(case((Person.name == text, text), else_=text))),
    "cast": lambda s, text: s.run(shown(cast(Person.name, text))),
    "literal": lambda s, text: s.run(shown(literal(text))),
    "enum": lambda s, text: s.run(shown(literal(text, Enum(text, [text])))),
    "any": lambda s, text: s.run(shown(Person.name == any_([text]))),
    "all": lambda s, text: s.run(shown(Person.name != all_([text, text]))),
    "list, an element": lambda s, text: s.run(shown(any_(Person.tags) == text)),
    "list, all": lambda s, text: s.run(shown(Person.tags.contains_all([text]))),
    "list, overlap": lambda s, text: s.run(shown(Person.tags.overlaps([text]))),
    "list, an index": lambda s, text: s.run(shown(Person.tags[text])),
    "list, whole": lambda s, text: s.run(shown(Person.tags == [text])),
    "comparison": lambda s, text: s.run(shown(Person.name > text)),
    "between": lambda s, text: s.run(shown(Person.name.between(text, text))),
    "in": lambda s, text: s.run(shown(Person.name.in_([text]))),
    "like": lambda s, text: s.run(shown(Person.name.like(text))),
    "ilike": lambda s, text: s.run(shown(Person.name.ilike(text))),
    "starts": lambda s, text: s.run(shown(Person.name.startswith(text))),
    "contains": lambda s, text: s.run(shown(Person.name.icontains(text))),
    "matches": lambda s, text: s.run(shown(Person.name.matches(text))),
    "path": lambda s, text: s.run(shown(Person.meta[text])),
    "path, compared": lambda s, text: s.run(shown(Person.meta[text]["x"][text] == text)),
    "path, as a text": lambda s, text: s.run(shown(Person.meta[text].as_text())),
    "path, as a number": lambda s, text: s.run(shown(Person.meta[text].as_decimal() > 1)),
    "path, sorted": lambda s, text: s.run(select(Person.id).order_by(Person.meta[text])),
    "path, its keys": lambda s, text: s.run(shown(Person.meta.has_keys(text, text))),
    "path, a key": lambda s, text: s.run(shown(Person.meta["plan"].has_key(text))),
    "path, contents": lambda s, text: s.run(shown(Person.meta.json_contains({text: [text]}))),
    "path, an element": lambda s, text: s.run(shown(Person.meta["plan"].contains(text))),
    "path, recorded": lambda s, text: s.run(shown(Person.meta.path(lambda meta: meta[text]))),
    "columns": lambda s, text: s.run(select(getattr(columns(Plain), text))),
    "columns, by name": lambda s, text: s.run(select(columns(Plain)[text])),
    "column": lambda s, text: s.run(select(column(Plain, lambda plain: getattr(plain, text)))),
    "attribute": lambda s, text: s.run(select(getattr(Person, text))),
}
UNKNOWN = dict.fromkeys(
    ("call", "call, its schema", "call, an aggregate"), r"(?i)does not exist|no such function|permission|must be"
)
UNKNOWN["matches"] = "(?i)regular expression|pattern"
UNKNOWN["enum"] = "does not exist"


@pytest.mark.parametrize("place", PLACES)
def test_no_text_becomes_sql(stage: Stage, place: str) -> None:
    stage.try_all(PLACES[place], unknown=UNKNOWN.get(place))
