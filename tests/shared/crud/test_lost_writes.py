"""`update` writes what was assigned, and never less than what its caller means to be in the row afterwards."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pydantic
import pytest

import ferrow.crud
import ferrow.errors
from ferrow import create_engine
from ferrow.crud import BaseModel, Partial
from tests.support import entered, maybe
from tests.support.crud.models import MyUser

SQLITE = pytest.mark.parametrize("backend", ["sqlite"])


async def one(crud: Any, name: str = "ada") -> MyUser:
    found: MyUser = await maybe(crud.insert(MyUser(name=name, email=name, age=1)))
    return found


async def test_what_a_rolled_back_transaction_wrote_is_written_again(crud: Any) -> None:
    """As programs do that try again after a serialization failure."""
    user = await one(crud)
    user.age = 70
    for undone in (True, False):
        try:
            async with entered(crud.ConnectionManager.transaction()):
                user = await maybe(crud.update(user))
                if undone:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            assert (await maybe(crud.select_one(MyUser, id=user.id))).age == 1
    assert (await maybe(crud.select_one(MyUser, id=user.id))).age == 70


async def test_the_same_of_a_savepoint_and_of_an_upsert(crud: Any) -> None:
    user = await one(crud)
    async with entered(crud.ConnectionManager.transaction()):
        with pytest.raises(ZeroDivisionError):
            async with entered(crud.ConnectionManager.transaction()):
                upserted = await maybe(crud.upsert(user.model_copy(update={"age": 70}), "email"))
                raise ZeroDivisionError
        copied = copy.copy(upserted)
        assert (await maybe(crud.update(upserted))).age == 70
    await maybe(crud.update(Partial(MyUser)(id=user.id, age=1)))
    assert (await maybe(crud.update(copied))).age == 70


async def test_after_the_commit_only_what_is_assigned_is_written(crud: Any) -> None:
    user = await one(crud)
    user.age = 70
    async with entered(crud.ConnectionManager.transaction()):
        user = await maybe(crud.update(user))
    await maybe(crud.update(Partial(MyUser)(id=user.id, age=3)))
    user.name = "Ada"
    changed = await maybe(crud.update(user))
    assert (changed.name, changed.age) == ("Ada", 3)


async def test_an_instance_that_is_given_another_key_says_all_of_that_row(crud: Any) -> None:
    ada, bob = await one(crud), await one(crud, "bob")
    await maybe(crud.delete(ada))
    ada.id = bob.id
    assert (await maybe(crud.update(ada))).name == "ada"


@SQLITE
async def test_an_instance_of_another_database_is_written_whole(crud: Any, colour: str) -> None:
    engine = create_engine("sqlite::memory:")
    chosen: Any = engine if colour == "sync" else engine.aio
    there: Any = (ferrow.crud.Functions if colour == "sync" else ferrow.crud.AsyncFunctions)(chosen)
    await maybe(chosen.create_all(MyUser))
    user = await one(crud)
    await maybe(there.insert(MyUser(id=user.id, name="old", email="old")))
    assert await maybe(there.update(user)) == user
    # What one model's instances are told by was made for the other engine meanwhile.
    mine = await maybe(crud.select_one(MyUser, id=user.id))
    await maybe(crud.update(Partial(MyUser)(id=user.id, name="theirs")))
    mine.age = 5
    assert (await maybe(crud.update(mine))).name == "theirs"
    await maybe(chosen.close())


@SQLITE
async def test_a_pickled_instance_is_written_whole(crud: Any) -> None:
    user = await one(crud)
    again = pickle.loads(pickle.dumps(user))
    assert type(again.model_fields_set) is set
    await maybe(crud.update(Partial(MyUser)(id=user.id, name="theirs")))
    assert (await maybe(crud.update(again))).name == "ada"


@SQLITE
async def test_copies_of_frozen_models_tell_what_was_changed(crud: Any, engine: Any) -> None:
    class Frozen(BaseModel):
        model_config = pydantic.ConfigDict(frozen=True)
        id: int | None = None
        name: str
        age: int = 0

    await maybe(engine.create_all(Frozen))
    read = await maybe(crud.insert(Frozen(name="a")))
    await maybe(crud.update(Partial(Frozen)(id=read.id, name="theirs")))
    changed = await maybe(crud.update(read.model_copy(update={"age": 3})))
    assert (changed.name, changed.age) == ("theirs", 3)
    assert hash(changed) == hash(await maybe(crud.select_one(Frozen, id=read.id)))


async def test_two_tasks_that_change_different_fields_keep_both(crud: Any) -> None:
    user = await one(crud)
    mine, theirs = [await maybe(crud.select_one(MyUser, id=user.id)) for _ in range(2)]
    mine.age, theirs.limit = 50, 60
    await maybe(crud.update(mine))
    await maybe(crud.update(theirs))
    found = await maybe(crud.select_one(MyUser, id=user.id))
    assert (found.age, found.limit) == (50, 60)


async def test_delete_by_something_else_than_the_key_is_refused(crud: Any) -> None:
    """It looks at the key only: who gives a name meant to delete by the name."""
    await one(crud)
    with pytest.raises(ferrow.errors.ProgrammingError, match="PartialMyUser was not given id"):
        await maybe(crud.delete(Partial(MyUser)(name="ada")))
    assert await maybe(crud.delete(Partial(MyUser)(id=None))) is False
