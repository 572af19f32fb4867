"""Literals and names in DDL mean exactly the text they are made of."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow.errors import ProgrammingError
from ferrow.schema.answers import answers_of
from ferrow.schema.name import generated_name, words
from ferrow.sql.dialect import POSTGRESQL, SQLITE

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(TEXT)
def test_sqlite_reads_the_text(text: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        (found,) = connection.execute(f"SELECT {answers_of(SQLITE).literal(text)}").fetchone()
    assert found == text


@given(TEXT)
def test_postgresql_is_given_the_text(text: str) -> None:
    written = answers_of(POSTGRESQL).literal(text)
    body = written.removeprefix("E").removeprefix("'").removesuffix("'")
    if written.startswith("E"):
        body = body.replace("\\\\", "\0")
        assert "\\" not in body
        body = body.replace("\0", "\\")
    else:
        assert "\\" not in body
    assert "'" not in body.replace("''", "")
    assert body.replace("''", "'") == text


@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE], ids=str)
def test_nul_is_refused(dialect: object) -> None:
    with pytest.raises(ProgrammingError, match="NUL"):
        answers_of(dialect).literal("a\0b")  # type: ignore[arg-type]


@given(TEXT, TEXT)
def test_generated_names_fit(table: str, column: str) -> None:
    assert len(generated_name("ix", table, words(column)).encode()) <= 63
