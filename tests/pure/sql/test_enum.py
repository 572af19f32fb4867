"""Enumerated columns: compared for equality as they are, sorted in the order of their labels."""

from __future__ import annotations

import pytest

from ferrow.sql import ColumnRef, Select, TableRef, func
from ferrow.types import Enum, TextEnum
from tests.support.sql import assert_sql

T = TableRef("t")
MOOD: ColumnRef[str] = ColumnRef(T, "mood", Enum("mood", ["sad", "it's {ok}"]))
WORD: ColumnRef[str] = ColumnRef(T, "word", TextEnum(["b", "a"]))
PLACE = "CASE {} WHEN 'sad' THEN 0 WHEN 'it''s {{ok}}' THEN 1 END"


def test_equality_can_use_an_index() -> None:
    assert_sql(
        Select([MOOD], T).where((MOOD == "sad") & MOOD.in_(["sad"])),
        postgresql="SELECT mood FROM t WHERE mood = $1 AND mood = ANY($2)",
        sqlite="SELECT mood FROM t WHERE mood = ?1 AND mood IN (SELECT value FROM json_each(?2))",
        values=("sad", ["sad"]),
    )


def test_order() -> None:
    place, limit = PLACE.format("mood"), PLACE.format("?1")
    assert_sql(
        Select([MOOD], T).where(MOOD < "sad").order_by(MOOD.desc()),
        postgresql="SELECT mood FROM t WHERE mood < $1 ORDER BY mood DESC",
        sqlite=f"SELECT mood FROM t WHERE {place} < {limit} ORDER BY {place} DESC",
        values=("sad",),
    )


def test_extremes() -> None:
    assert_sql(
        Select([func.max(MOOD)], T),
        postgresql="SELECT max(mood) FROM t",
        sqlite=f"SELECT CASE max({PLACE.format('mood')}) WHEN 0 THEN 'sad' WHEN 1 THEN 'it''s {{ok}}' END FROM t",
    )


def test_an_enumeration_that_is_stored_as_text_is_text() -> None:
    for dialect in ("postgresql", "sqlite"):
        assert TextEnum(["b", "a"]).name(dialect).lower() == "text"
    assert_sql(
        Select([WORD], T).where(WORD.startswith("a")).order_by(WORD),
        postgresql="SELECT word FROM t WHERE word LIKE $1 ORDER BY word",
        sqlite="SELECT word FROM t WHERE ferrow_like(word, ?1) ORDER BY word",
        values=("a%",),
    )


def test_enumerated_types_are_no_texts() -> None:
    """PostgreSQL has no patterns for them."""
    with pytest.raises(TypeError, match="only texts"):
        MOOD.like("s%")


def test_equal_types_are_one() -> None:
    import enum
    import pickle

    kind = Enum("mood", ["sad", "glad"])
    assert kind is Enum("mood", ("sad", "glad")) is Enum(enum.Enum("Mood", {"A": "sad", "B": "glad"}))
    assert pickle.loads(pickle.dumps(kind)) is kind
    assert kind is not Enum("mood", ["glad", "sad"])
    assert repr(kind) == "Enum('mood', ['sad', 'glad'])"
    assert kind.within("app") is Enum("mood", ["sad", "glad"], "app")
    assert kind.within("app").within("other") is kind.within("app")
    for labels in ([], ["a", "a"], ["a\0"], [1]):
        with pytest.raises(ValueError, match="label"):
            Enum("mood", labels)  # type: ignore[arg-type]
