from typing import Any

import pytest

from ferrow.sql import and_, expr, false, not_, or_, true
from ferrow.sql.form.logic import IS_NOT_TRUE
from tests.pure.sql.columns import active, age, name, one
from tests.support.sql import assert_expr

A, B, C = age == 1, one == 2, name == "x"


def test_and_or_not() -> None:
    assert_expr(A & B, values=[1, 2], postgresql="age = $1 AND one = $2", sqlite="age = ?1 AND one = ?2")
    assert_expr(A | B, values=[1, 2], postgresql="age = $1 OR one = $2", sqlite="age = ?1 OR one = ?2")
    assert_expr(~A, values=[1], postgresql="NOT (age = $1)", sqlite="NOT (age = ?1)")


def test_brackets_keep_the_meaning() -> None:
    assert_expr(
        (A | B) & ~(B & C),
        values=[1, 2, 2, "x"],
        postgresql="(age = $1 OR one = $2) AND NOT (one = $3 AND name = $4)",
        sqlite="(age = ?1 OR one = ?2) AND NOT (one = ?3 AND name = ?4)",
    )
    assert_expr(
        A & B | C,
        values=[1, 2, "x"],
        postgresql="(age = $1 AND one = $2) OR name = $3",
        sqlite="(age = ?1 AND one = ?2) OR name = ?3",
    )


def test_chains_are_flat() -> None:
    flat = "age = $1 AND one = $2 AND name = $3"
    for condition in (A & B & C, A & (B & C), and_(A, B, C), and_(A & B, C), and_(A, B & C)):
        assert_expr(condition, values=[1, 2, "x"], postgresql=flat, sqlite=flat.replace("$", "?"))
        assert condition.shape == (A & B & C).shape


def test_neutral_elements() -> None:
    assert_expr(and_(), postgresql="TRUE", sqlite="TRUE")
    assert_expr(or_(), postgresql="FALSE", sqlite="FALSE")
    assert and_(true(), A).shape == A.shape == or_(A, false()).shape
    assert and_(false(), A).shape != A.shape


def test_boolean_columns_are_conditions() -> None:
    assert_expr(active & A, values=[1], postgresql="active AND age = $1", sqlite="active AND age = ?1")
    assert_expr(~active, postgresql="NOT active", sqlite="NOT active")
    assert_expr(not_(active | A), values=[1], postgresql="NOT (active OR age = $1)", sqlite="NOT (active OR age = ?1)")
    assert_expr(active == True, values=[True], postgresql="active = $1", sqlite="active = ?1")  # noqa: E712


@pytest.mark.parametrize("wrong", [True, False, None, "age = 1", age])
def test_only_conditions(wrong: Any) -> None:
    for attempt in (lambda: A & wrong, lambda: A | wrong, lambda: and_(A, wrong), lambda: not_(wrong)):
        with pytest.raises(TypeError, match="expected a condition such as"):
            attempt()


def test_false_or_unknown() -> None:
    assert_expr(
        expr.condition((IS_NOT_TRUE, (A & B).shape), (1, 2)),
        values=[1, 2],
        postgresql="(age = $1 AND one = $2) IS NOT TRUE",
        sqlite="(age = ?1 AND one = ?2) IS NOT TRUE",
    )
