"""Every kind comes back as it went in, or is refused."""

import enum
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow._core import Kinds, Shape, SqliteConnection
from ferrow.errors import DataError
from tests.pure.sqlite.ask import DECLARED, rows, stored, value
from tests.support.effort import times

EXACT = [
    ("bool", True, "integer", 1),
    ("bool", False, "integer", 0),
    ("int", 0, "integer", 0),
    ("int", 2**63 - 1, "integer", 2**63 - 1),
    ("int", -(2**63), "integer", -(2**63)),
    ("float", 0.1, "real", 0.1),
    ("float", 5e-324, "real", 5e-324),
    ("float", 1.7976931348623157e308, "real", 1.7976931348623157e308),
    ("float", math.inf, "real", math.inf),
    ("float", -math.inf, "real", -math.inf),
    ("text", "", "text", ""),
    ("text", "zero \0 within", "text", "zero \0 within"),
    ("text", "Grüße, 世界 🎉", "text", "Grüße, 世界 🎉"),
    ("text", "12", "text", "12"),
    ("bytes", b"", "blob", b""),
    ("bytes", bytes(range(256)), "blob", bytes(range(256))),
    ("date", date(1, 1, 1), "text", "0001-01-01"),
    ("date", date(9999, 12, 31), "text", "9999-12-31"),
    ("time", time(0, 0), "text", "00:00:00.000000"),
    ("time", time(23, 59, 59, 999999), "text", "23:59:59.999999"),
    ("timestamp", datetime(1, 1, 1), "text", "0001-01-01 00:00:00.000000"),
    ("timestamp", datetime(9999, 12, 31, 23, 59, 59, 999999), "text", "9999-12-31 23:59:59.999999"),
    ("timestamp", datetime(2024, 2, 29, 1, 2, 3, 4), "text", "2024-02-29 01:02:03.000004"),
    ("timestamptz", datetime(1, 1, 1, tzinfo=UTC), "text", "0001-01-01 00:00:00.000000+00:00"),
    ("timestamptz", datetime(9999, 12, 31, 23, 59, 59, 999999, UTC), "text", "9999-12-31 23:59:59.999999+00:00"),
    ("uuid", UUID(int=0), "text", "00000000-0000-0000-0000-000000000000"),
    ("uuid", UUID(int=2**128 - 1), "text", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    ("decimal", Decimal("1.10"), "text", "1.10"),
    ("decimal", Decimal("-0.00"), "text", "-0.00"),
    ("decimal", Decimal("123456789012345678901234567890.000000000000000000001"), "text", None),
    ("decimal", Decimal("1e-7"), "text", "0.0000001"),
    ("decimal", Decimal("Infinity"), "text", "Infinity"),
    ("decimal", Decimal("-Infinity"), "text", "-Infinity"),
    ("json", {"a": [1, 2.5, None, True, {"b": "ü\0"}]}, "text", None),
    ("json", "1.10", "text", '"1.10"'),
    ("json", [], "text", "[]"),
    ("json", 2**70, "text", str(2**70)),
    ("json", False, "text", "false"),
    ("oid", 4294967295, "integer", 4294967295),
]


@pytest.mark.parametrize(("kind", "given_value", "storage", "form"), EXACT)
def test_a_value_comes_back_exactly(db: SqliteConnection, kind: str, given_value: Any, storage: str, form: Any) -> None:
    back, storage_class, raw = stored(db, kind, given_value)
    assert (back, type(back), repr(back)) == (given_value, type(given_value), repr(given_value))
    assert storage_class == storage
    if form is not None:
        assert raw == form


@pytest.mark.parametrize("kind", DECLARED)
def test_none_is_null_for_every_kind(db: SqliteConnection, kind: str) -> None:
    assert stored(db, kind, None) == (None, "null", None)


@pytest.mark.parametrize("kind", [kind for kind in DECLARED if kind != "oid"])
def test_the_declared_type_is_enough_to_read(db: SqliteConnection, kind: str) -> None:
    given_value = next(case[1] for case in EXACT if case[0] == kind)
    db.script(f"CREATE TABLE t (x {DECLARED[kind]})")
    rows(db, "INSERT INTO t VALUES (?)", [given_value])
    back = value(db, "SELECT x FROM t")
    assert (type(back), repr(back)) == (type(given_value), repr(given_value))


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("kind", "given_value", "back"),
    [
        ("float", 3, 3.0),
        ("float", Decimal("0.5"), 0.5),
        ("float", True, None),
        ("decimal", 7, Decimal(7)),
        ("decimal", 10**40, Decimal(10**40)),
        ("decimal", Decimal("1E+3"), Decimal("1000")),
        ("decimal", 0.1, Decimal("0.1")),
        ("decimal", 1e22, Decimal("10000000000000000000000")),
        ("decimal", -math.inf, Decimal("-Infinity")),
        ("text", 1, "1"),
        ("text", Decimal("1.10"), "1.10"),
        ("text", 0.1, "0.1"),
        ("text", UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("text", True, None),
        ("uuid", "{}", None),
        ("uuid", "6F9619FF8B86D011B42D00C04FC964FF", UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
        ("bytes", bytearray(b"ab"), b"ab"),
        ("bytes", memoryview(b"abcd")[::2], b"ac"),
        ("text", Colour.RED, "red"),
        ("int", Level.HIGH, 3),
        (
            "timestamptz",
            datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            datetime(2023, 12, 31, 23, tzinfo=UTC),
        ),
    ],
)
def test_other_types_are_accepted_only_without_loss(
    db: SqliteConnection, kind: str, given_value: Any, back: Any
) -> None:
    if back is None:
        with pytest.raises(DataError):
            stored(db, kind, given_value)
    else:
        assert stored(db, kind, given_value)[0] == back


REFUSED = [
    ("int", True, "expected int, got bool"),
    ("int", "1", "expected int, got str"),
    ("int", 1.0, "expected int, got float"),
    ("int", 2**63, "outside SQLite's range"),
    ("int", -(2**63) - 1, "outside SQLite's range"),
    ("bool", 1, "expected bool, got int"),
    ("float", "1", "expected float, got str"),
    ("float", math.nan, "NaN"),
    ("float", Decimal("NaN"), "NaN"),
    ("float", Decimal("0.1"), "not exactly a float"),
    ("float", 2**53 + 1, "not exactly a float"),
    ("float", 10**400, "not exactly a float"),
    ("decimal", "1", "expected decimal, got str"),
    ("decimal", True, "expected decimal, got bool"),
    ("decimal", Decimal("1e200000"), "131072 digits"),
    ("decimal", Decimal("1e-16384"), "16383"),
    ("decimal", Decimal("sNaN"), "signalling"),
    ("text", True, "expected text, got bool"),
    ("text", b"a", "decode"),
    ("text", "\ud800", "surrogate"),
    ("bytes", "a", "encode"),
    ("date", datetime(2024, 1, 1), r"\.date\(\)"),
    ("date", "2024-01-01", "expected date, got str"),
    ("timestamp", date(2024, 1, 1), "combine"),
    ("timestamp", datetime(2024, 1, 1, tzinfo=UTC), "timezone=True"),
    ("timestamptz", datetime(2024, 1, 1), "naive"),
    ("timestamptz", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "1 to 9999"),
    ("time", time(1, tzinfo=UTC), "time zone"),
    ("uuid", "nonsense", "not the text of one"),
    ("json", {"a": Decimal(1)}, "JSON"),
    ("json", [datetime(2024, 1, 1)], "JSON"),
    ("json", math.nan, "JSON"),
    ("oid", 2**32, "not an oid"),
]


@pytest.mark.parametrize(("kind", "given_value", "reason"), REFUSED)
def test_what_does_not_fit_is_refused(db: SqliteConnection, kind: str, given_value: Any, reason: str) -> None:
    with pytest.raises(DataError, match=reason) as caught:
        rows(db, "SELECT ?, ?", [1, given_value], ["int", kind])
    assert "parameter 2: " in str(caught.value)
    assert value(db, "SELECT 1") == 1


@pytest.mark.parametrize("given_value", [object(), 1j, (1,), {1}, range(3)])
def test_an_unknown_type_is_named(db: SqliteConnection, given_value: Any) -> None:
    with pytest.raises(DataError, match=rf"parameter 1: a value of type {type(given_value).__name__}"):
        rows(db, "SELECT ?", [given_value])


def test_not_a_number_is_a_decimal(db: SqliteConnection) -> None:
    back, storage, raw = stored(db, "decimal", Decimal("NaN"))
    assert back.is_nan()
    assert (storage, raw) == ("text", "NaN")


def test_minus_zero_loses_its_sign_in_the_file(db: SqliteConnection) -> None:
    # SQLite writes integral reals as integers.
    assert math.copysign(1, stored(db, "float", -0.0)[0]) == 1.0


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KINDS = {
    "bool": st.booleans(),
    "int": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False).map(lambda x: x + 0.0),
    "text": st.text(st.characters(codec="utf-8")),
    "bytes": st.binary(),
    "date": st.dates(),
    "time": st.times(),
    "timestamp": st.datetimes(),
    "timestamptz": st.datetimes(timezones=st.just(UTC)),
    "uuid": st.uuids(),
    "decimal": st.decimals(allow_nan=False, min_value=-(10**40), max_value=10**40),
    "json": anything.filter(lambda value: value is not None),
}


@given(st.fixed_dictionaries(KINDS))
@settings(max_examples=times(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_row_comes_back(row: dict[str, Any]) -> None:
    kinds = Kinds([*row])
    columns = ", ".join(f"{kind} {DECLARED[kind]}" for kind in row)
    places = ", ".join("?" for _ in row)
    db = SqliteConnection(":memory:")
    db.script(f"CREATE TABLE t ({columns})")
    db.run(f"INSERT INTO t VALUES ({places})", [*row.values()], Shape.tuples(), kinds)
    for shape in (Shape.dicts(kinds), Shape.dicts()):
        (back,) = db.run(f"SELECT {', '.join(row)} FROM t", None, shape).rows
        assert back["float"] == row["float"]
        assert {kind: str(value) for kind, value in back.items() if kind != "float"} == {
            # Exact down to the places of a Decimal; but 1E+2 is written as 100.
            kind: format(value, "f") if kind == "decimal" and value.is_finite() else str(value)
            for kind, value in row.items()
            if kind != "float"
        } | {"decimal": str(back["decimal"])}
        assert back["decimal"] == row["decimal"]
    db.close()
