"""What stands where a placeholder stood, and what ends a statement on MariaDB."""

from __future__ import annotations

import datetime
import decimal
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow.errors import DataError, NotSupportedError, ProgrammingError
from ferrow.lexical import PLAIN, TEXTS
from ferrow.wire.mysql.literals import literal
from ferrow.wire.mysql.modes import may_set
from ferrow.wire.mysql.opening import check_version
from ferrow.wire.mysql.texts import bound, statements

ENDED = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_ends_its_literal(text: str) -> None:
    assert ENDED.fullmatch(literal(text, "text"))


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (None, "int", "NULL"),
        (True, "bool", "TRUE"),
        (-5, "int", "-5"),
        (0.1, "float", "0.1e0"),
        (1e300, "float", "1e+300"),
        (decimal.Decimal("1E+3"), "decimal", "1000"),
        (b"\x00'", "bytes", "x'0027'"),
        (datetime.time(1, 2), "time", "TIME'01:02:00.000000'"),
        (datetime.timedelta(hours=838, minutes=59, seconds=59), "any", "TIME'838:59:59.000000'"),
        (datetime.timedelta(hours=-1, microseconds=-5), "any", "TIME'-01:00:00.000005'"),
        (2**64 - 1, "int", "18446744073709551615"),
        ({"a": "'"}, "json", '\'{\\"a\\":\\"\\\'\\"}\''),
        ([1, None], "list:int", "'[1, null]'"),
    ],
)
def test_literals(value: Any, kind: str, written: str) -> None:
    assert literal(value, kind) == written


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (2**64, "int"),
        (-(2**63) - 1, "int"),
        (datetime.timedelta(hours=839), "time"),
        (True, "int"),
        (float("nan"), "float"),
        (decimal.Decimal("1e-31"), "decimal"),
        ("\ud800", "text"),
        ({1: 2}, "json"),
        (datetime.datetime(2024, 1, 1), "timestamptz"),
        (object(), "any"),
    ],
)
def test_what_does_not_fit_is_refused_before_it_is_sent(value: Any, kind: str) -> None:
    with pytest.raises(DataError, match="parameter 1"):
        bound("SELECT ?1", [value], [kind])


def test_placeholders() -> None:
    assert bound("SELECT ?2, '?1', `?`, ?1 -- ?\n, ?1", ["a", 2], None) == "SELECT 2, '?1', `?`, 'a' -- ?\n, 'a'"
    assert bound("SELECT 1 IN ?*1", [[1, "x"]], None) == "SELECT 1 IN (1, 'x')"
    assert bound("SELECT 1 IN ?*1", [[]], ["list:int"]) == "SELECT 1 IN (SELECT NULL FROM DUAL WHERE FALSE)"
    with pytest.raises(ProgrammingError, match="takes 2 parameters, 1 were given"):
        bound("SELECT ?, ?", [1], None)


def test_a_value_with_a_placeholder_in_it_is_left_alone() -> None:
    assert bound("SELECT ?, ?", ["?2", "x"], None) == "SELECT '?2', 'x'"


def test_statements_of_a_script() -> None:
    assert [*statements("SELECT ';'; -- ;\nSELECT 2;;", lambda: "mysql")] == ["SELECT ';'", "-- ;\nSELECT 2"]


def test_what_a_statement_sets_is_how_the_next_one_is_read() -> None:
    readings = iter(["mysql", PLAIN, PLAIN, TEXTS, TEXTS])
    script = r"""SET sql_mode = 1; SELECT 'C:\'; SET sql_mode = 2; SELECT "a\";"; SELECT 2"""
    assert [*statements(script, lambda: next(readings))] == [
        "SET sql_mode = 1",
        r"SELECT 'C:\'",
        "SET sql_mode = 2",
        r'SELECT "a\";"',
        "SELECT 2",
    ]


@pytest.mark.parametrize(
    ("reading", "sql", "written"),
    [
        ("mysql", r"SELECT 'a\'?', ?", r"SELECT 'a\'?', 1"),
        ("mysql", r'SELECT "a\", ?', r'SELECT "a\", 1'),
        (TEXTS, r'SELECT "a\"?", ?', r'SELECT "a\"?", 1'),
        (PLAIN, r"SELECT 'a\', ?", r"SELECT 'a\', 1"),
        (PLAIN, r'SELECT "a\", ?', r'SELECT "a\", 1'),
    ],
)
def test_placeholders_stand_where_the_session_has_no_string(reading: str, sql: str, written: str) -> None:
    assert bound(sql, [1], None, reading=reading) == written


def test_which_servers_are_spoken_to() -> None:
    check_version("10.11.19-MariaDB-0+deb12u1")
    check_version("5.5.5-10.7.1-MariaDB")
    check_version("8.4.0")
    check_version("9.7.4-2")
    for version in ("8.0.45", "10.6.1-MariaDB"):
        with pytest.raises(NotSupportedError, match="supported"):
            check_version(version)


class Parcel:
    pass


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (object(), "object"),
        (iter([]), "list_iterator"),
        (int, "type"),
        (Parcel(), f"{__name__}.Parcel"),
        (re.compile("x"), "re.Pattern"),
    ],
)
def test_what_is_no_parameter_is_named(value: object, name: str) -> None:
    with pytest.raises(
        DataError, match=rf"^a value of type {re.escape(name)} cannot be a parameter; known: None, bool"
    ):
        literal(value)


@pytest.mark.parametrize(
    ("sql", "may"),
    [
        ("SET NAMES gbk", True), ("set @@sql_mode = ''", True), ("EXECUTE made", True), ("/* x */ SET CHARSET sjis", True),
        ("CREATE TABLE names (a text CHARACTER SET utf8mb4)", False), ("ALTER TABLE names ADD b int", False), ("SET @a = 1", False),
    ],
)  # fmt: skip
def test_only_what_may_change_how_values_are_written_is_asked_after(sql: str, may: bool) -> None:
    assert may_set(sql) is may


@pytest.mark.parametrize("code", range(128))
def test_each_character_is_written_alike_alone_and_beside_others(code: int) -> None:
    """Texts of ASCII alone take a shorter way."""
    character = chr(code)
    assert literal(f"a{character}b\N{EURO SIGN}") == f"{literal(f'a{character}b')[:-1]}\N{EURO SIGN}'"


@pytest.mark.parametrize("kind", ["any", "text"])
def test_a_lone_surrogate_is_told_with_its_place(kind: str) -> None:
    with pytest.raises(DataError) as caught:
        bound("SELECT ?, ?", [1, "ü\ud800"], ["int", kind])
    assert str(caught.value) == (
        r"parameter 2: the text has a lone surrogate ('\ud800' at index 1), which UTF-8 cannot write; remove it, or store bytes"
    )
    assert caught.value.parameter == 2
