"""What a constructor is given is checked: names and missing ones at once, types before anything is sent."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from ferrow.errors import DataError
from tests.support import maybe
from tests.support.stores.common import Color

GIVEN = {"country": "cz", "region": 1, "email": "a", "price": 5}


def test_names(stores: ModuleType, style: str) -> None:
    if style != "pydantic":  # where Pydantic's own configuration says what is done with extra ones
        with pytest.raises(TypeError, match="emial"):
            stores.Store(**GIVEN, emial="b")
    with pytest.raises((TypeError, ValidationError), match="price"):
        stores.Store(country="cz", region=1, email="a")
    if style == "declarative":
        with pytest.raises(TypeError, match=r"Store\(\) has no column or relation 'emial'\. Did you mean 'email'"):
            stores.Store(**GIVEN, emial="b")
        with pytest.raises(TypeError, match=r"Store\(\) takes no 'total': the database computes it"):
            stores.Store(**GIVEN, total=3)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("price", "5"),
        ("price", 1.5),
        ("email", b"x"),
        ("color", "pink"),
        ("amount", True),
        ("created", 5),
        ("country", b"cz"),
    ],
)
async def test_types(session: Any, stores: ModuleType, style: str, key: str, value: Any) -> None:
    await maybe(session.insert(stores.Region(country="cz", code=1, name="Prague")))
    if style == "pydantic":
        model = stores.Store.model_construct(
            **{"id": None, "facts": {}, "color": Color.RED, "size": None} | GIVEN | {key: value}
        )
    else:
        model = stores.Store(**GIVEN | {key: value})

    with pytest.raises(DataError, match=rf"Store\.{key}|Store cannot be inserted.*is not a valid Color"):
        await maybe(session.insert(model))
    assert await maybe(session.query(stores.Store).count()) == 0
