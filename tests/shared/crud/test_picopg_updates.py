"""P-D11 of the list of what PicoPG's own implementation gets wrong: updates that are lost, and those of nothing."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pydantic
import pytest

from ferrow.crud import BaseModel, Partial
from tests.support import maybe
from tests.support.crud.models import Address, MyUser, Numbered, Profile


async def made(crud: Any, count: int = 3) -> list[MyUser]:
    found: list[MyUser] = await maybe(
        crud.insert_many([MyUser(name=f"u{n}", email=f"{n}", age=n) for n in range(count)])
    )
    return found


async def test_11_what_others_changed_meanwhile_stays(traced: Any, backend: str) -> None:
    """Of an instance that the functions read, `update` writes what was assigned."""
    crud, sent = traced
    await made(crud)
    key = (await maybe(crud.select_one(MyUser, name="u0"))).id
    readers = {
        "select_one by key": lambda: crud.select_one(MyUser, id=key),
        "select_one": lambda: crud.select_one(MyUser, email="0"),
        "select_all": lambda: crud.select_all(MyUser, id=[key]),
        "paginate": lambda: crud.paginate(MyUser, 1, 1),
        "keyset": lambda: crud.paginate_keyset(MyUser, None, 1),
        "update": lambda: crud.update(Partial(MyUser)(id=key, is_active=True)),
    }
    for number, (name, read) in enumerate(readers.items()):
        found = await maybe(read())
        while not isinstance(found, MyUser):
            found = next(iter(found))
        await maybe(crud.execute_raw("UPDATE my_user SET name = %s WHERE id = %s", [f"theirs {number}", key]))
        found.age = 100 + number
        changed = await maybe(crud.update(found))
        assert (changed.name, changed.age) == (f"theirs {number}", 100 + number), name
        sent.clear()
        assert await maybe(crud.update(changed)) == changed
        assert not any("UPDATE" in text for text in sent), name  # there is nothing to write


@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
async def test_11_instances_of_a_long_list_are_written_whole(crud: Any) -> None:
    await made(crud, 101)
    for limit, name in ((100, "theirs"), (101, "u0")):
        first = crud.select_all(MyUser, limit=limit)[0]
        crud.execute_raw("UPDATE my_user SET name = 'theirs' WHERE id = %s", [first.id])
        first.age = limit
        assert crud.update(first).name == name
        crud.execute_raw("UPDATE my_user SET name = 'u0' WHERE id = %s", [first.id])


async def test_11_what_was_changed_inside_is_written(crud: Any) -> None:
    profile = await maybe(
        crud.insert(Profile(nickName="ada", settings={"a": 1}, tags=["x"], address=Address(city="Paris")))
    )
    profile.settings["b"] = 2
    profile.tags.append("y")
    profile.address.city = "Rome"
    changed = await maybe(crud.update(profile))
    assert (changed.settings, changed.tags, changed.address.city) == ({"a": 1, "b": 2}, ["x", "y"], "Rome")


async def test_11_copies_know_what_was_assigned(crud: Any) -> None:
    user, *_ = await made(crud)
    user.age = 50
    copies = [
        user.model_copy(),
        user.model_copy(update={"limit": 1}),
        user.model_copy(deep=True),
        copy.copy(user),
        pickle.loads(pickle.dumps(user)),
        MyUser.model_validate(user.model_dump()),
        MyUser(**user.model_dump()),
    ]
    for number, one in enumerate(copies):
        await maybe(crud.update(Partial(MyUser)(id=user.id, age=0)))
        assert (await maybe(crud.update(one))).age == 50, number
        assert one.model_fields_set == set(MyUser.model_fields)
    assert (await maybe(crud.select_one(MyUser, id=user.id))).limit is None


async def test_11_models_that_do_not_tell_are_written_whole(crud: Any, engine: Any) -> None:
    class Careful(BaseModel):
        model_config = pydantic.ConfigDict(validate_assignment=True)
        id: int | None = None
        name: str
        age: int = 0

    await maybe(engine.create_all(Careful))
    one = await maybe(crud.insert(Careful(name="a")))
    one.age = 5
    assert (await maybe(crud.update(one))).age == 5
    assert (await maybe(crud.select_one(Careful))).age == 5


async def test_11_a_model_that_is_only_a_key_has_nothing_to_update(crud: Any) -> None:
    number = await maybe(crud.insert(Numbered()))
    assert await maybe(crud.update(number)) == number
    with pytest.raises(RuntimeError, match="Update operation failed"):
        await maybe(crud.update(Numbered(id=99)))
