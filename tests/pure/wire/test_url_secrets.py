"""A password that was not encoded shows in no error."""

from __future__ import annotations

import pytest

from ferrow.errors import InterfaceError
from ferrow.wire.url import parse


@pytest.mark.parametrize("sign", ["/", "?", "?a=", "/b?c="])
def test_a_sign_that_ends_the_address_early(sign: str) -> None:
    with pytest.raises(InterfaceError, match="percent encoding") as caught:
        parse(f"postgresql://ada:secret{sign}hidden@db.example:5432/library")
    assert "secret" not in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_at_sign_behind_the_address_is_fine() -> None:
    settings = parse("postgresql://localhost:5432/a@b?user=ada")
    assert settings.database == "a@b"


@pytest.mark.parametrize("password", ["12/ss", "123456/ss", "1/"])
def test_what_looks_like_a_port_may_be_the_beginning_of_a_password(password: str) -> None:
    with pytest.raises(InterfaceError, match=r"%2F.*%40") as caught:
        parse(f"postgresql://ada:{password}@db.example/library")
    assert "12" not in str(caught.value)
    assert "ss" not in str(caught.value).replace("password", "")


def test_what_follows_an_and_sign_in_a_password_is_not_shown() -> None:
    with pytest.raises(InterfaceError, match="%26") as caught:
        parse("postgresql://localhost/a?password=secret&hidden=too")
    assert "hidden" not in str(caught.value)
