"""`to_dict` and `from_dict` for models of every style."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ferrow import from_dict, to_dict
from ferrow.errors import ModelError
from tests.support import maybe
from tests.support.stores.common import Color


async def test_there_and_back(session: Any, stores: Any) -> None:
    await maybe(session.insert(stores.Region(country="cz", code=1, name="Prague")))
    made = await maybe(session.insert(stores.Store(country="cz", region=1, email="a", price=5, facts={"a": [1]})))

    values = to_dict(made)
    assert [*values] == [
        "id", "country", "region", "email", "price", "amount", "total", "shown", "color", "size", "facts", "created",
    ]  # fmt: skip
    assert (values["id"], values["color"], values["facts"], values["total"]) == (1000, Color.RED, {"a": [1]}, 5)

    again = from_dict(stores.Store, values | {"unknown": 1})
    assert type(again) is stores.Store
    assert to_dict(again)["email"] == "a"
    assert to_dict(again).get("total") is None  # the database's business
    with pytest.raises((TypeError, ValidationError), match="country"):
        from_dict(stores.Store, {"region": 1})


def test_other_things_are_no_models() -> None:
    with pytest.raises(ModelError, match="int is not a model"):
        to_dict(3)
    with pytest.raises(ModelError, match="is not a model"):
        from_dict(dict, {"a": 1})
