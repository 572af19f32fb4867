"""The functions and the collation that every connection has."""

import json
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferrow._core import SqliteConnection
from ferrow.errors import DatabaseError
from tests.pure.sqlite.ask import rows, value
from tests.support.effort import times

DB = SqliteConnection(":memory:")
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=None)
plain = decimals.map(lambda number: format(number, "f"))


def test_decimals_are_ordered_by_value(db: SqliteConnection) -> None:
    ordered = ["-Infinity", "-10.5", "-2", "-0.001", "0", "1E-5", "0.5", "9", "10", "1.0e+2", "1000", "Infinity", "NaN"]
    found = rows(db, "SELECT value FROM json_each(?) ORDER BY value COLLATE decimal", [ordered[::-1]], ["list:text"])
    assert [row[0] for row in found] == ordered


def test_equal_decimals_are_equal(db: SqliteConnection) -> None:
    for left, right in [("1", "1.00"), ("0", "-0.0"), ("007", "7"), ("100", "1e2"), ("NaN", "nan"), (".5", "0.50")]:
        assert value(db, "SELECT ? = ? COLLATE decimal", [left, right]) == 1


@given(decimals, decimals)
@settings(max_examples=times(500), deadline=None)
def test_the_collation_agrees_with_decimal(left: Decimal, right: Decimal) -> None:
    texts = [format(left, "f"), format(right, "f")]
    found = value(DB, "SELECT (?1 > ?2 COLLATE decimal) - (?1 < ?2 COLLATE decimal)", texts)
    assert found == (left > right) - (left < right)


@given(st.lists(plain, min_size=1, max_size=8))
@settings(max_examples=times(300), deadline=None)
def test_sums_and_means_are_exact(texts: list[str]) -> None:
    sql = "SELECT decimal_sum(value), decimal_avg(value) FROM json_each(?)"
    total, mean = rows(DB, sql, [texts], ["list:text"])[0]
    with localcontext(prec=4000):
        exact = sum(map(Decimal, texts), Decimal(0))
        assert Decimal(total) == exact
        places = Decimal(mean).as_tuple().exponent
        assert isinstance(places, int)
        assert Decimal(mean) == (exact / len(texts)).quantize(Decimal((0, (1,), places)), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("values", "total", "mean"),
    [
        # As PostgreSQL 16 answers sum() and avg() of these numerics.
        (["0.1", "0.2"], "0.3", "0.15000000000000000000"),
        (["1", "2", "2"], "5", "1.6666666666666667"),
        (["0"], "0", "0.00000000000000000000"),
        (["10", "1"], "11", "5.5000000000000000"),
        (["-1.5", None, "1.50"], "0.00", "0.00000000000000000000"),
        (["NaN", "1"], "NaN", "NaN"),
        (["Infinity", "1"], "Infinity", "Infinity"),
        (["Infinity", "-Infinity"], "NaN", "NaN"),
        ([None], None, None),
        ([], None, None),
    ],
)
def test_known_sums(db: SqliteConnection, values: list[Any], total: str | None, mean: str | None) -> None:
    sql = "SELECT decimal_sum(value), decimal_avg(value) FROM json_each(?)"
    assert rows(db, sql, [values], ["list:text"]) == [(total, mean)]


def test_arithmetic(db: SqliteConnection) -> None:
    for sql, expected in [
        ("decimal_add('1.10', '2.2')", "3.30"),
        ("decimal_sub('1', '1.00')", "0.00"),
        ("decimal_mul('-1.5', '2.00')", "-3.000"),
        ("decimal_mul('Infinity', '-2')", "-Infinity"),
        ("decimal_mul('Infinity', '0')", "NaN"),
        ("decimal_sub('Infinity', 'Infinity')", "NaN"),
        ("decimal_add(1, 0.5)", "1.5"),
        ("decimal_add(NULL, '1')", None),
    ]:
        assert value(db, f"SELECT {sql}") == expected
    for sql in ("decimal_add('x', '1')", "decimal_sum('1_0')", "decimal_mul(x'00', 1)"):
        with pytest.raises(DatabaseError):
            rows(db, f"SELECT {sql}")


LIKE = [
    ("abc", "a%", True),
    ("abc", "A%", False),
    ("abc", "b", False),
    ("a%c", r"a\%c", True),
    ("abc", r"a\%c", False),
    ("a_c", r"a\_c", True),
    ("a\\c", r"a\\c", True),
    ("ü", "_", True),
    ("", "%", True),
    ("", "_", False),
    ("abcabd", "%ab_", True),
    ("aXbXc", "a%b%c", True),
    ("a\nb", "a%b", True),
]


@pytest.mark.parametrize(("text", "pattern", "expected"), LIKE)
def test_like(db: SqliteConnection, text: str, pattern: str, expected: bool) -> None:
    assert value(db, "SELECT ferrow_like(?, ?)", [text, pattern]) == expected


def test_ilike_folds_every_letter(db: SqliteConnection) -> None:
    assert value(db, "SELECT ferrow_ilike('ÀÉ straße', 'àé STRA%')") == 1
    assert value(db, "SELECT ferrow_like('ÀÉ', 'àé')") == 0
    assert rows(db, "SELECT ferrow_like(NULL, 'a'), ferrow_ilike('a', NULL)") == [(None, None)]


def test_a_pattern_must_not_end_in_the_escape_character(db: SqliteConnection) -> None:
    with pytest.raises(DatabaseError, match="escape character"):
        rows(db, "SELECT ferrow_like('abc', 'abc\\')")


@given(st.text("ab%_", max_size=8), st.text("ab%_", max_size=8))
@settings(max_examples=times(500), deadline=None)
def test_like_agrees_with_a_regular_expression(text: str, pattern: str) -> None:
    expression = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern)
    expected = re.fullmatch(expression, text, re.DOTALL) is not None
    assert value(DB, "SELECT ferrow_like(?, ?)", [text, pattern]) == expected


def test_json_texts_of_one_value_are_one_text(db: SqliteConnection) -> None:
    same = ['{"b": 1.0, "a": [1e2, "\\u00fc"]}', '{"a":[100,"ü"],"b":1}', ' {"b":0,"a":[1.0e2,"ü"],"b":1} ']
    assert {value(db, "SELECT ferrow_json(?)", [text]) for text in same} == {'{"a":[100,"ü"],"b":1}'}
    assert value(db, "SELECT ferrow_json(NULL)") is None
    with pytest.raises(DatabaseError, match="not a JSON text"):
        rows(db, "SELECT ferrow_json('{')")


@given(st.recursive(st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")), st.lists))
@settings(max_examples=times(200), deadline=None)
def test_canonical_json_keeps_the_value(document: Any) -> None:
    assert json.loads(value(DB, "SELECT ferrow_json(?)", [document], ["json"])) == document


def test_they_work_in_schemas_although_schemas_are_not_trusted(db: SqliteConnection) -> None:
    db.script(
        "CREATE TABLE t (a DECIMAL_TEXT COLLATE decimal UNIQUE, CHECK (ferrow_like(a, '1%')));"
        "CREATE VIEW v AS SELECT decimal_sum(a) AS total FROM t; INSERT INTO t VALUES ('1.5'), ('10')"
    )
    assert value(db, "SELECT total FROM v") == "11.5"


def test_full_text_search_and_json_are_built_in(db: SqliteConnection) -> None:
    db.script("CREATE VIRTUAL TABLE f USING fts5 (body); INSERT INTO f VALUES ('the quick brown fox')")
    assert value(db, "SELECT count(*) FROM f WHERE f MATCH 'quick'") == 1
    assert value(db, "SELECT json_extract('{\"a\": 5}', '$.a')") == 5


moments = st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31, 23, 59, 59, 999999))


def text_of(kind: str, moment: datetime) -> str:
    if kind == "date":
        return moment.date().isoformat()
    return moment.isoformat(" ", "microseconds") + ("+00:00" if kind == "timestamptz" else "")


def midnight(kind: str, moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) if kind == "date" else moment


@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz"])
@given(moments, moments)
@settings(max_examples=times(500), deadline=None)
def test_moments_agree_with_datetime(kind: str, start: datetime, end: datetime) -> None:
    texts = [text_of(kind, end), text_of(kind, start)]
    apart = (midnight(kind, end) - midnight(kind, start)) // timedelta(microseconds=1)
    assert value(DB, f"SELECT ferrow_{kind}_apart(?1, ?2)", texts) == apart
    assert value(DB, f"SELECT ferrow_{kind}_moved(?2, ?1)", [apart, texts[1]]) == texts[0]


def test_every_month_of_the_calendar(db: SqliteConnection) -> None:
    firsts = [date(year, month, 1) for year in range(1, 10_000) for month in range(1, 13)]
    days = [(first - date(1, 1, 1)).days for first in firsts]
    sql = "SELECT ferrow_date_moved('0001-01-01', value * 86400000000) FROM json_each(?)"
    assert [row[0] for row in rows(db, sql, [days], ["list:int"])] == [str(first) for first in firsts]


def test_moments_that_are_none(db: SqliteConnection) -> None:
    assert value(db, "SELECT ferrow_date_moved(NULL, 1)", []) is None
    assert value(db, "SELECT ferrow_date_moved('2024-01-01', NULL)", []) is None
    assert value(db, "SELECT ferrow_timestamptz_apart(NULL, '2024-01-01 00:00:00')", []) is None
    moved = "SELECT ferrow_timestamptz_moved('2024-01-01 01:00:00+02:00', 0)"
    assert value(db, moved, []) == "2023-12-31 23:00:00.000000+00:00"
    for call, words in [
        ("date_moved('2023-02-29', 1)", "is no date"),
        ("date_moved('0001-01-01', -1)", "years 1 to 9999"),
        ("timestamp_moved('9999-12-31 23:59:59.999999', 1)", "years 1 to 9999"),
        ("timestamp_moved('2024-01-01 00:00:00+00:00', 1)", "is no timestamp without a zone"),
        ("timestamp_apart('2024-01-01 24:00:00', '2024-01-01 00:00:00')", "is no timestamp without a zone"),
        ("timestamp_moved('2024-01-01 23:60:00', 0)", "is no timestamp without a zone"),
        ("timestamptz_moved('2024-01-01 23:59:60+00:00', 0)", "is no timestamp"),
        ("timestamptz_apart('noon', '2024-01-01 00:00:00')", "is no timestamp"),
    ]:
        with pytest.raises(DatabaseError, match=words):
            value(db, f"SELECT ferrow_{call}", [])
