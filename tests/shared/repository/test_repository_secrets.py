"""What is refused because of its form is named by its class: its contents may be secrets, and messages end up in logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import maybe
from tests.support.repository_models import Person

SECRET = "tok-5ecret"

WAYS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda repo: repo.list({"name": SECRET}), "not dict"),
    (lambda repo: repo.update_where([("name", SECRET)], where={"id": 1}), "not list"),
    (lambda repo: repo.get_or_create(lookup=[("name", SECRET)]), "not list"),
]


@pytest.mark.parametrize(("way", "said"), WAYS)
async def test_it_is_not_repeated(kit: Any, way: Callable[[Any], Any], said: str) -> None:
    with pytest.raises(TypeError, match=said) as caught:
        await maybe(way(kit.repo(Person)))
    assert SECRET not in str(caught.value)
