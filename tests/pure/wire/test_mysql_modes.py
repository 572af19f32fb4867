"""What is known of a session by its sql_mode and its charset."""

from __future__ import annotations

import pytest

from ferrow.errors import ProgrammingError
from ferrow.wire.mysql.modes import Modes


@pytest.mark.parametrize(
    ("mode", "names", "strict"),
    [
        ("", False, False),
        ("ANSI_QUOTES,STRICT_ALL_TABLES", True, True),
        ("STRICT_ALL_TABLES", False, True),
        (
            "STRICT_TRANS_TABLES,ANSI_QUOTES",
            True,
            False,
        ),  # of a table without transactions, rows behind the first are made to fit
        ("STRICT_TRANS_TABLES,STRICT_ALL_TABLES", False, True),
        ("NO_ZERO_DATE,NO_ANSI_QUOTES", False, False),
    ],
)
def test_the_mode(mode: str, names: bool, strict: bool) -> None:
    assert Modes().told({"sql_mode": mode}) == Modes(names, strict, "utf8mb4")
    assert Modes(not names, not strict).answered([mode.encode(), "latin1"]) == Modes(names, strict, "latin1")


def test_what_is_not_told_is_as_it_was() -> None:
    before = Modes(False, False, "cp932")
    assert before.told({}) == before
    assert before.told({"time_zone": "UTC"}) == before
    assert before.told({"character_set_client": "utf8mb3"}) == Modes(False, False, "utf8mb3")


@pytest.mark.parametrize("charset", ["utf8", "utf8mb3", "utf8mb4", "binary"])
def test_charsets_in_which_a_byte_is_what_it_seems(charset: str) -> None:
    Modes(charset=charset).must_read_utf8()


@pytest.mark.parametrize("charset", ["latin1", "cp932", "gbk", "big5", "sjis", "utf16", "utf32", "ucs2", ""])
def test_charsets_in_which_values_are_not_written(charset: str) -> None:
    with pytest.raises(ProgrammingError, match=f"character_set_client is {charset}, .* SET NAMES utf8mb4"):
        Modes(charset=charset).must_read_utf8()
