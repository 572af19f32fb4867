from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.sql.columns import age, name, nick
from tests.support.sql import assert_expr
from tests.support.sqlite_functions import like


def test_like() -> None:
    assert_expr(name.like("A%"), values=["A%"], postgresql="name LIKE $1", sqlite="ferrow_like(name, ?1)")
    assert_expr(nick.ilike("a%"), values=["a%"], postgresql="nick ILIKE $1", sqlite="ferrow_ilike(nick, ?1)")


@pytest.mark.parametrize(
    ("method", "pattern", "fold"),
    [
        ("contains", "%50\\%\\_\\\\%", False),
        ("startswith", "50\\%\\_\\\\%", False),
        ("endswith", "%50\\%\\_\\\\", False),
        ("icontains", "%50\\%\\_\\\\%", True),
        ("istartswith", "50\\%\\_\\\\%", True),
        ("iendswith", "%50\\%\\_\\\\", True),
    ],
)
def test_user_text_is_literal(method: str, pattern: str, fold: bool) -> None:
    assert_expr(
        getattr(name, method)("50%_\\"),
        values=[pattern],
        postgresql="name ILIKE $1" if fold else "name LIKE $1",
        sqlite="ferrow_ilike(name, ?1)" if fold else "ferrow_like(name, ?1)",
    )


_text = st.text(alphabet="ab%_\\Ä\n", max_size=6)


@given(_text, _text)
def test_contains_is_what_python_says(value: str, part: str) -> None:
    for condition, expected in (
        (name.contains(part), part in value),
        (name.startswith(part), value.startswith(part)),
        (name.endswith(part), value.endswith(part)),
    ):
        assert like(value, condition.values[0]) == expected


@pytest.mark.parametrize("value", [None, 3, b"x"])
def test_only_text(value: Any) -> None:
    with pytest.raises(TypeError, match="must be a str"):
        name.contains(value)
    with pytest.raises(TypeError, match="must be a str"):
        name.like(value)
    with pytest.raises(TypeError, match="only texts"):
        age.like("x")  # type: ignore[misc]
