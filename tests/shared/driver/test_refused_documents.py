"""Documents that JSON has no text for: the error says what is in the way, and where in the document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import DataError
from ferrow.wire.mysql.literals import document
from tests.shared.driver.test_refused_parameters import refusal

FAULTS: list[tuple[Any, str]] = [
    ({"a": [1, {"b": Decimal(1)}]}, "Decimal Decimal('1') at ['a'][1]['b']; convert it yourself, e.g. with str()"),
    (b"x", "bytes b'x'; convert it yourself, e.g. with str()"),
    ([{"a": 1}, ({},), ({2: 1},)], "its keys are str, not int 2 at [2][0]; convert them yourself, e.g. with str()"),
    ({"a b": float("nan")}, "float nan at ['a b']; JSON has no NaN and no infinity: use None or a str"),
    ([{1: {}}, object], "its keys are str, not int 1 at [0]; convert them yourself, e.g. with str()"),
]


@pytest.mark.parametrize(("value", "words"), FAULTS, ids=range(len(FAULTS)))
async def test_the_way_into_a_document(conn: Any, value: Any, words: str) -> None:
    assert (await refusal(conn, "json", value)).reason == f"cannot be written as JSON: {words}"
    with pytest.raises(DataError) as caught:
        document(value)  # for MariaDB
    assert str(caught.value) == f"cannot be written as JSON: {words}"


async def test_text_that_is_none_in_a_document(conn: Any) -> None:
    words = r"cannot be written as JSON: str '\\ud800' has a lone surrogate at \['a'\]\[0\]; no database can store it"
    with pytest.raises(DataError, match=words):
        raise await refusal(conn, "json", {"a": ["\ud800"]})
    with pytest.raises(DataError, match=words):
        document({"a": ["\ud800"]})


async def test_a_document_in_itself_many_times(conn: Any) -> None:
    """It is not looked into on all of its ways, of which there is no end."""
    circle: list[Any] = []
    circle += [circle] * 3
    assert "Circular" in str(await refusal(conn, "json", circle))
