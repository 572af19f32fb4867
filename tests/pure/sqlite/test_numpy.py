"""Scalars of NumPy, as rows of pandas have them: taken as PostgreSQL's side takes them."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from ferrow._core import SqliteConnection
from ferrow.errors import DataError
from tests.pure.sqlite.ask import rows

WIDE = float(numpy.float32(0.1))
assert WIDE != 0.1


@pytest.mark.parametrize(
    ("given", "kind", "stored"),
    [
        (numpy.bool_(True), "any", 1),
        (numpy.bool_(False), "bool", 0),
        (numpy.int64(-7), "any", -7),
        (numpy.uint8(7), "int", 7),
        (numpy.int64(7), "float", 7.0),
        (numpy.int64(7), "decimal", "7"),
        (numpy.int64(7), "text", "7"),
        (numpy.float64(0.1), "any", 0.1),
        (numpy.float32(0.1), "any", WIDE),
        (numpy.float32(0.1), "float", WIDE),
        (numpy.float16(0.5), "float", 0.5),
        (numpy.float32(0.1), "decimal", "0.1"),
        (numpy.float32(0.1), "text", "0.1"),
        (numpy.array(2.5, dtype="f4"), "any", 2.5),
    ],
)
def test_scalars(db: SqliteConnection, given: Any, kind: str, stored: Any) -> None:
    ((found,),) = rows(db, "SELECT ?", [given], [kind])
    assert (found, type(found)) == (stored, type(stored))


def test_elements_of_a_list(db: SqliteConnection) -> None:
    given = [numpy.float32(0.5), None, numpy.bool_(True), numpy.int8(3)]
    assert rows(db, "SELECT ?", [given], ["list:any"]) == [("[0.5,null,1,3]",)]


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        (numpy.bool_(True), "int", "expected int, got bool"),
        (numpy.int64(1), "bool", "expected bool, got int"),
        (numpy.float32(1), "int", "expected int, got float"),
        (numpy.float32("nan"), "any", "NaN is not storable"),
        (numpy.array([1]), "any", "a value of type numpy.ndarray cannot be stored"),
        (numpy.longdouble(1), "any", "a value of type numpy.longdouble cannot be stored"),
        (numpy.datetime64("2026-01-01"), "any", "a value of type numpy.datetime64 cannot be stored"),
    ],
)
def test_what_is_refused(db: SqliteConnection, given: Any, kind: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        rows(db, "SELECT ?", [given], [kind])
