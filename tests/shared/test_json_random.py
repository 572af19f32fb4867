"""Any document, any path, any value: PostgreSQL (jsonb and json), SQLite and a model in Python agree on which rows match."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import Base, Mapped, Q, Session, columns, create_engine, mapped_column
from ferrow.types import Json
from tests.support import json_model


class Entry(Base):
    __tablename__ = "random_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    binary: Mapped[Any] = mapped_column(Json())
    plain: Mapped[Any] = mapped_column(Json(binary=False))


NASTY = ["", "a", "A", "0", "1", "-1", "00", "a.b", "$", "$.a", "[0]", "a[0]", '"', "'", '"a"', "\\", "a b", "ä", "😀", "\n", "%", "{}", "é",
         "'; DROP TABLE random_documents; --", "null", "true"]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
KEY = st.sampled_from(NASTY) | TEXT
NUMBER = (
    st.integers(-3, 3)
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.5, 1.0, -0.0, 2.5, 1e22, 5e-324, 1.7976931348623157e308, 2**63, -(2**63), 2**53 + 1])
)
SCALAR = st.none() | st.booleans() | NUMBER | st.sampled_from(NASTY) | TEXT
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3), max_leaves=6
)
DOCUMENT = (
    st.dictionaries(KEY, VALUE, max_size=4) | st.lists(VALUE, max_size=4) | SCALAR.filter(lambda v: v is not None)
)
COMPARABLE = (st.booleans() | NUMBER | st.sampled_from(NASTY) | TEXT).filter(lambda v: v is not None)
OPERATORS = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "notin", "contains", "json_contains", "has_key", "isnull"]


@pytest.fixture(scope="module")
def sessions(postgresql_database: Any) -> Iterator[list[Session]]:
    engines = [create_engine("sqlite::memory:"), create_engine(postgresql_database.clean())]
    for engine in engines:
        engine.create_all(Entry)
    yield [Session(engine) for engine in engines]
    for engine in engines:
        engine.close()


def places(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every path of a document and what is there."""
    yield path, document
    if isinstance(document, dict):
        for key, value in document.items():
            yield from places(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from places(value, (*path, index))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Any], list[str | int], str, Any]:
    documents = draw(st.lists(DOCUMENT, min_size=1, max_size=5))
    known = [place for document in documents for place in places(document)]
    path, there = draw(st.sampled_from(known))
    if draw(st.integers(0, 4)) == 0:
        path = (*path, draw(KEY | st.integers(-3, 3)))
    operator = draw(st.sampled_from(OPERATORS))
    value: Any
    if operator == "isnull":
        value = True
    elif operator == "has_key":
        value = draw(st.sampled_from([*there]) if isinstance(there, dict) and there else KEY)
    elif operator in ("in", "notin"):
        value = draw(
            st.lists(VALUE.filter(lambda v: v is not None) | st.just(there if there is not None else 0), max_size=3)
        )
    elif operator in ("gt", "gte", "lt", "lte"):
        value = draw(st.just(there) | COMPARABLE if isinstance(there, (bool, int, float, str)) else COMPARABLE)
    else:
        value = draw(st.sampled_from([part for _, part in known]) | VALUE)
        if value is None and operator in ("eq", "ne"):
            value = 0
    return documents, list(path), operator, value


def fill(session: Session, documents: list[Any]) -> None:
    session.query(Entry).delete()
    session.insert_all([Entry(id=n, binary=document, plain=document) for n, document in enumerate(documents)])


@given(case=cases())
@settings(suppress_health_check=list(HealthCheck))
def test_all_agree_on_which_rows_match(
    sessions: list[Session], case: tuple[list[Any], list[str | int], str, Any]
) -> None:
    documents, path, operator, value = case
    answers = [json_model.compare(operator, json_model.at(document, path), value) for document in documents]
    for session in sessions:
        fill(session, documents)
        for name in ("binary", "plain"):
            place = columns(Entry)[name]
            for step in path:
                place = place[step]
            if not path:
                place = place.path(lambda document: document)
            condition = {
                "eq": lambda place=place: place == value,
                "ne": lambda place=place: place != value,
                "gt": lambda place=place: place > value,
                "gte": lambda place=place: place >= value,
                "lt": lambda place=place: place < value,
                "lte": lambda place=place: place <= value,
                "in": lambda place=place: place.in_(value),
                "notin": lambda place=place: place.not_in(value),
                "contains": lambda place=place: place.contains(value),
                "json_contains": lambda place=place: place.json_contains(value),
                "has_key": lambda place=place: place.has_key(value),
                "isnull": place.is_null,
            }[operator]()
            conditions = {True: condition, False: ~condition}
            # Keywords cannot say where an underscore belongs, and take digits for positions too.
            if path and all(
                isinstance(step, str) and f"_{step}_".count("_") == 2 and not step.isdigit() for step in path
            ):
                conditions["keyword"] = Q(**{"__".join([name, *map(str, path), operator]): value})  # type: ignore[index]
            for wanted, asked in conditions.items():
                found = session.query(Entry).filter(asked).order_by("id").values_list("id", flat=True)
                expected = [n for n, answer in enumerate(answers) if answer is (wanted if wanted is False else True)]
                assert found == expected, (session, name, wanted)
            read = session.query(Entry).order_by("id").values_list(place, flat=True)
            there = [json_model.at(document, path) for document in documents]
            # 1e16 is a whole number to jsonb, and comes back as one.
            assert all(map(json_model.same, read, there))
            assert len(read) == len(there)


@given(values=st.lists(SCALAR | VALUE, max_size=6))
@settings(suppress_health_check=list(HealthCheck))
def test_all_agree_on_the_order(sessions: list[Session], values: list[Any]) -> None:
    ranks = [json_model.order(value) for value in values if value is not None]
    for session in sessions:
        fill(session, [{"v": value} for value in values])
        for name in ("binary", "plain"):
            place = columns(Entry)[name]["v"]
            query = session.query(Entry).filter(place.is_not_null())
            rising = query.order_by(f"{name}__v").values_list(place, flat=True)
            assert list(map(json_model.order, rising)) == sorted(ranks)
            falling = query.order_by(place.desc()).values_list(place, flat=True)
            assert list(map(json_model.order, falling)) == sorted(ranks, reverse=True)
