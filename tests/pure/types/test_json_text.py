"""JSON that is written without Python is, byte for byte, what `json.dumps` writes; but for large floats in `jsonb`."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ferrow._core import CopyEncoder
from ferrow.errors import DataError

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


class Level(IntEnum):
    HIGH = 3


class Text(str):
    """A text of one's own."""


def written(value: Any, oid: int = 114) -> str:
    """What a COPY into a json column sends for a value."""
    encoder = CopyEncoder(["document"], [oid])
    encoder.take()
    encoder.fill([(value,)], 1 << 20)
    return encoder.take()[6:].decode()


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def placed(text: str) -> str:
    """As `jsonb` is sent it: large floats with a place behind the point, without which the server gives whole numbers back."""
    string_or_large = r'"(?:[^"\\]|\\.)*"|-?[0-9.]+e\+[0-9]+'
    return re.sub(
        string_or_large,
        lambda found: found[0] if found[0][0] == '"' else format(Decimal(found[0]), "f") + ".0",
        text,
    )


@given(ANY.filter(lambda value: value is not None and not _surrogates(value)))
@example({"a": [1, -1, 2**63 - 1, -(2**63), 2**63, 10**30], "b": {}, "c": [], "d": ()})
@example([0.0, -0.0, 1e16, 1e15, 1e-5, 1e-4, 0.1, 5e-324, 1.7976931348623157e308, 1e22, 123456789.125])
@example(["".join(map(chr, range(0x100))), '"', "\\", "\x7f\x80\u2028\u2029\U0001f600", ""])
@example([True, False, None, 1, 0, "True"])
@example(['1e+16"', "\\", {"1e+16\\": [-1e23, 10**30, "+"]}])
def test_it_is_what_the_standard_library_writes(value: Any) -> None:
    assert written(value) == dumped(value)
    assert written(value, 3802) == "\x01" + placed(dumped(value))


@pytest.mark.parametrize(
    "value",
    [Level.HIGH, {"a": Level.HIGH}, [Text("a\n")], OrderedDict(b=1, a=[Text("x")]), {Text("k"): 1}],
    ids=["enum", "enum inside", "text", "dict", "key"],
)
def test_what_is_of_a_class_of_its_own_goes_the_long_way(value: Any) -> None:
    assert written(value) == dumped(value)


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("levels", [63, 64, 65, 200])
def test_what_is_deep(levels: int) -> None:
    assert written({"a": 1, "b": deep(levels)}) == dumped({"a": 1, "b": deep(levels)})


def test_what_is_no_json_is_refused_and_leaves_nothing() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value, words in [
        (float("nan"), "JSON"),
        ({"a": [1.5, float("inf")]}, "JSON"),
        ({"a": 1, 2: 3}, "its keys are str, not int 2"),
        ({"a": {1, 2}}, "JSON"),
        (endless, "JSON"),
        (["\ud800"], "surrogate"),
    ]:
        encoder = CopyEncoder(["document"], [3802])
        encoder.take()
        with pytest.raises(DataError, match=words):
            encoder.fill([({"fits": True},), (value,)], 1 << 20)
        assert encoder.take()[7:] == b'{"fits":true}'


def _surrogates(value: Any) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in dumped(value))
