"""Types that hold the same values, and texts that mean the same."""

from __future__ import annotations

import pytest

from ferrow.schema.answers import answers_of
from ferrow.schema.compare.family import family
from ferrow.schema.compare.written import same_text
from ferrow.sql.dialect import ALL, named
from ferrow.types import (
    BigInteger,
    Boolean,
    Bytes,
    Date,
    Double,
    Integer,
    Json,
    ListOf,
    Numeric,
    PlainJson,
    Real,
    SmallInteger,
    SQLType,
    String,
    Text,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
)

FAMILIES = [
    ("integer", "INTEGER BIGINT SMALLINT TINYINT MEDIUMINT int(11) bigint(20)|unsigned int2 serial"),
    ("float", "REAL FLOAT DOUBLE double|precision float(10) DOUBLE|PRECISION"),
    (
        "text",
        "TEXT CHAR VARCHAR STRING CLOB varchar(20) character|varying(9) character(3) longtext citext enum('a','b')",
    ),
    ("boolean", "BOOLEAN bool"),
    ("timestamp", "TIMESTAMP DATETIME datetime(6) timestamp|without|time|zone timestamp(3)|without|time|zone"),
    ("timestamptz", "timestamptz timestamp|with|time|zone timestamp(3)|with|time|zone TIMESTAMPTZ"),
    ("date", "DATE"),
    ("time", "TIME time(6) time|without|time|zone"),
    ("decimal", "NUMERIC DECIMAL numeric(10,2) DECIMAL_TEXT|COLLATE|decimal"),
    ("bytes", "BLOB BYTEA BINARY varbinary(20) longblob"),
    ("json", "JSON JSONB JSON_TEXT"),
    ("text[]", "text[] character|varying(20)[]"),
    ("public.mood", 'public."mood"'),
]


@pytest.mark.parametrize(("name", "types"), FAMILIES, ids=lambda value: value.split()[0])
def test_families(name: str, types: str) -> None:
    for one in types.split():
        assert family(one.replace("|", " ")) == name


def test_what_has_labels_is_text() -> None:
    assert family('"mood"', labels=True) == "text"
    assert family('"mood"[]', labels=True) == "text[]"


KINDS: list[SQLType] = [
    Integer(), BigInteger(), SmallInteger(), Double(), Real(), Text(), String(5), Boolean(), Timestamp(), TimestampTz(), Date(), Time(),
    Numeric(), Numeric(5, 2), Bytes(), Json(), PlainJson(), Uuid(), ListOf(Integer()),
]  # fmt: skip
SAME = [
    {"Integer", "BigInteger", "SmallInteger"}, {"Double", "Real"}, {"Text", "String"}, {"Numeric"}, {"Json", "PlainJson"},
]  # fmt: skip


@pytest.mark.parametrize("dialect", ALL)
def test_our_own_types_are_of_different_families(dialect: str) -> None:
    alike = SAME + {
        "mysql": [{"Integer", "BigInteger", "SmallInteger", "Boolean"}, {"Timestamp", "TimestampTz"}, {"Json", "PlainJson", "ListOf"}],
        "sqlite": [{"Json", "PlainJson", "ListOf"}],
    }.get(dialect, [])  # fmt: skip
    also = {
        "sqlite": {("Text", "Json"), ("Text", "PlainJson"), ("Text", "Uuid"), ("Text", "ListOf")},
        "mysql": {("Text", "Json"), ("Text", "PlainJson"), ("Text", "Uuid"), ("Text", "ListOf")},
    }.get(dialect, set())
    also |= {("String", kind) for _, kind in also}
    for found in KINDS:
        for described in KINDS:
            pair = (type(found).__name__, type(described).__name__)
            expected = pair[0] == pair[1] or any({*pair} <= group for group in alike) or pair in also
            there, wanted = family(found.name(dialect)), family(described.name(dialect))
            assert answers_of(named(dialect)).holds(there, wanted) == expected, pair


@pytest.mark.parametrize(
    ("dialect", "ours", "theirs"),
    [
        ("postgresql", "varchar(50)", "character varying(50)"),
        ("postgresql", "numeric(10, 2)", "numeric(10,2)"),
        ("postgresql", "timestamp", "timestamp without time zone"),
        ("postgresql", "timestamptz", "timestamp with time zone"),
        ("postgresql", "text[]", "text[]"),
        ("postgresql", "varchar(5)[]", "character varying(5)[]"),
        ("mysql", "int", "int(11)"),
        ("mysql", "bigint", "bigint(20)"),
        ("mysql", "tinyint(1)", "tinyint(1)"),
        ("mysql", "decimal(65, 30)", "decimal(65,30)"),
        ("sqlite", "DECIMAL_TEXT COLLATE decimal", "DECIMAL_TEXT"),
        ("sqlite", "VARCHAR(5)", "varchar(5)"),
    ],
)
def test_one_type_in_two_spellings(dialect: str, ours: str, theirs: str) -> None:
    exact = answers_of(named(dialect)).exact
    assert exact(ours) == exact(theirs)


@pytest.mark.parametrize(
    ("dialect", "one", "other"),
    [
        ("postgresql", "varchar(50)", "character varying(60)"),
        ("postgresql", "integer", "bigint"),
        ("mysql", "int", "bigint(20)"),
        ("sqlite", "VARCHAR(5)", "VARCHAR(6)"),
    ],
)
def test_two_types_of_a_family(dialect: str, one: str, other: str) -> None:
    exact = answers_of(named(dialect)).exact
    assert exact(one) != exact(other)
    assert family(one) == family(other)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("0", "(0)"),
        ("'a b'", "'a b'::text"),
        ("'a'", "'a'::character varying(20)"),
        ("now()", "CURRENT_TIMESTAMP"),
        ("current_timestamp(6)", "current_timestamp(6)"),
        ("7", "'7'::integer"),
        ("(0)", "0"),
        (None, "NULL"),
        ("price * 2", "(price * 2)"),
        ("lower(name)", "lower((name)::text)"),
        ("number > 0", "`number` > 0"),
    ],
)
def test_texts_that_mean_the_same(ours: str | None, theirs: str | None) -> None:
    assert same_text(ours, theirs)


@pytest.mark.parametrize(("ours", "theirs"), [("0", "1"), ("'a'", "'A'"), ("'a b'", "'ab'"), (None, "0"), ("0", None)])
def test_texts_that_do_not(ours: str | None, theirs: str | None) -> None:
    assert not same_text(ours, theirs)


def test_every_dialect_reads_tables() -> None:
    from ferrow.schema.introspect import tables

    for dialect in ALL.values():
        answers_of(dialect)
        question = next(tables(dialect, None, "users"))
        assert question.params[-1] == "users"
