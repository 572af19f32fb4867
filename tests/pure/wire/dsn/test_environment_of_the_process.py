"""`os.environ` itself, whose variables are looked for in a way of their own."""

from __future__ import annotations

import os

import pytest

from ferrow.wire.dsn.names import KNOWN, from_environment
from ferrow.wire.url import parse

VARIABLES = [(name, variable) for name, variable in KNOWN.items() if variable]


@pytest.fixture(autouse=True)
def _none(monkeypatch: pytest.MonkeyPatch) -> None:
    for _, variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def test_nothing_is_set() -> None:
    assert from_environment(os.environ) == {}


@pytest.mark.parametrize(("name", "variable"), VARIABLES)
def test_each_variable_is_found(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "value")

    assert from_environment(os.environ) == {name: "value"}


def test_an_empty_one_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "")

    assert from_environment(os.environ) == {}


def test_a_url_is_read_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "7777")

    assert parse("postgresql://me@db.example/x").port == 7777
