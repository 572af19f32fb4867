"""Rows as sequences of values with names."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow._core import Row, restore_row  # type: ignore[attr-defined]  # what pickle calls


def row(**values: Any) -> Row:
    made: Row = restore_row(tuple(values), tuple(values.values()))
    return made


ADA = row(id=7, name="Ada", Email=None)


def test_by_position() -> None:
    assert (ADA[0], ADA[1], ADA[-1], ADA[-3]) == (7, "Ada", None, 7)
    assert (ADA[:2], ADA[::-1], ADA[5:]) == ((7, "Ada"), (None, "Ada", 7), ())
    for index in (3, -4, 2**70, -(2**70)):
        with pytest.raises(IndexError, match="out of range"):
            ADA[index]


def test_by_name() -> None:
    assert (ADA["name"], ADA["NAME"], ADA["email"]) == ("Ada", "Ada", None)
    with pytest.raises(KeyError, match=r"no column \"?'?nope.*'id', 'name', 'Email'"):
        ADA["nope"]
    for key in (1.5, None, b"name", ("id",)):
        with pytest.raises(TypeError, match="position, slice or column name"):
            ADA[key]  # type: ignore[call-overload]


def test_a_name_that_no_database_could_write_is_no_column() -> None:
    replaced = row(**{"\ufffd": 1})
    for each in (ADA, replaced):
        with pytest.raises(KeyError, match=r"no column .*ud800"):
            each["\ud800"]
        assert each.get("\ud800", "none") == "none"


def test_an_exact_name_comes_before_one_in_another_case() -> None:
    both = restore_row(("a", "A", "b"), (1, 2, 3))
    assert (both["a"], both["A"], both["B"]) == (1, 2, 3)


def test_get() -> None:
    assert (ADA.get("id"), ADA.get(1), ADA.get("email", "none")) == (7, "Ada", None)
    assert (ADA.get("nope"), ADA.get("nope", 0), ADA.get(9, "far"), ADA.get(-1, 5)) == (None, 0, "far", None)


def test_names_and_values() -> None:
    assert ADA.keys() == ["id", "name", "Email"]
    assert ADA.values() == [7, "Ada", None] == list(ADA)
    assert ADA.items() == [("id", 7), ("name", "Ada"), ("Email", None)]
    assert dict(ADA.items()) == dict(ADA) == ADA.to_dict() == {"id": 7, "name": "Ada", "Email": None}  # type: ignore[call-overload]
    assert {**ADA} == ADA.to_dict()  # type: ignore[dict-item]
    ADA.keys().append("more")  # lists of their own
    assert len(ADA) == len(ADA.keys()) == 3


def test_membership_is_that_of_values() -> None:
    assert 7 in ADA
    assert None in ADA
    assert "id" not in ADA
    assert "id" in ADA.keys()  # noqa: SIM118


def test_it_is_a_sequence() -> None:
    assert isinstance(ADA, Sequence)
    assert (ADA.index("Ada"), ADA.count(7), ADA.count("x")) == (1, 1, 0)
    assert list(reversed(ADA)) == [None, "Ada", 7]
    assert row(a=1, b=1).index(1, 1) == 1
    with pytest.raises(ValueError, match="not in tuple"):
        ADA.index("x")
    number, *rest = ADA
    assert (number, rest) == (7, ["Ada", None])
    match ADA:
        case [7, str(name), None]:
            assert name == "Ada"
        case _:
            pytest.fail("a row is no sequence to `match`")


def test_equality_and_hash_are_those_of_the_tuple() -> None:
    assert row(a=1, b=2) == row(x=1, y=2) == (1, 2)
    assert row(a=1) != row(a=2)
    assert row(a=1) != [1]
    assert row(a=1) < row(a=2) <= (2,)
    assert hash(row(a=1, b="x")) == hash((1, "x"))
    assert len({row(a=1), row(b=1), (1,)}) == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(row(a=[]))


def test_repr() -> None:
    assert repr(row(id=1, name="x")) == "Row(id=1, name='x')"
    assert repr(restore_row((), ())) == "Row()"


def test_of_equal_names_the_last_wins() -> None:
    twice = restore_row(("a", "a"), (1, 2))
    assert (twice["a"], twice.to_dict(), twice.items()) == (2, {"a": 2}, [("a", 1), ("a", 2)])


def test_it_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ADA["id"] = 8  # type: ignore[index]
    with pytest.raises(AttributeError):
        ADA.id = 8  # type: ignore[attr-defined]


NAMES = st.lists(st.text(min_size=1, max_size=8), max_size=6)
VALUES = st.one_of(st.none(), st.integers(), st.text(), st.binary(), st.lists(st.integers(), max_size=3))


@given(NAMES.flatmap(lambda names: st.tuples(st.just(tuple(names)), st.tuples(*[VALUES] * len(names)))))
def test_copies_are_equal(parts: tuple[tuple[str, ...], tuple[Any, ...]]) -> None:
    names, values = parts
    original = restore_row(names, values)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(original, protocol))
        assert (type(again), again, again.keys()) == (Row, original, list(names))
    for duplicate in (copy.copy(original), copy.deepcopy(original)):
        assert (duplicate, duplicate.items(), repr(duplicate)) == (original, original.items(), repr(original))
