"""insert, upsert, update, delete: what the document says of each, on both databases in both colours."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

from ferrow.crud import BaseModel, InsertFailed, Partial, UpdateFailed
from ferrow.errors import DataError, IntegrityError, ModelError, NoResultFound, StaleRow, UniqueViolation
from tests.support import maybe
from tests.support.crud.models import Checked, Counted, Fixed, MyUser, Numbered, Pair
from tests.support.crud.rows import three

OLDER = pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])


# --- insert ----------------------------------------------------------------------------------------------------------------


async def test_insert_gives_a_new_instance_with_what_the_database_made(crud: Any) -> None:
    user = MyUser(name="ada", email="ada@x")
    made = await maybe(crud.insert(user))
    assert type(made) is MyUser
    assert made is not user
    assert user.id is None
    assert isinstance(made.id, int)
    assert isinstance(made.created_at, datetime)
    assert (made.name, made.email, made.age, made.is_active) == ("ada", "ada@x", None, True)
    assert await maybe(crud.select_one(MyUser, id=made.id)) == made


async def test_a_key_that_is_given_is_kept(crud: Any) -> None:
    assert (await maybe(crud.insert(MyUser(id=70, name="ada", email="ada@x")))).id == 70


async def test_a_zero_that_nobody_gave_is_no_key(crud: Any, numbered: str) -> None:
    class Zero(BaseModel):
        id: int = 0
        name: str

    await maybe(crud.execute_raw(f"CREATE TABLE zero (id {numbered}, name text)"))
    assert (await maybe(crud.insert(Zero(name="a")))).id == 1
    if "AUTO_INCREMENT" not in numbered:  # to which 0 is the wish for a number
        assert (await maybe(crud.insert(Zero(id=0, name="b")))).id == 0


async def test_a_row_of_defaults_only(crud: Any) -> None:
    assert (await maybe(crud.insert(Numbered()))).id == 1


async def test_a_key_that_the_database_always_makes(crud: Any, engine: Any, backend: str) -> None:
    if backend == "postgresql":
        await maybe(engine.create_all(Fixed))
        made = await maybe(crud.insert(Fixed(name="a")))
        assert made.id == 1
    with pytest.raises(DataError, match=r"Fixed\.id is always numbered by the database"):
        await maybe(crud.insert(Fixed(id=5, name="b")))


async def test_errors_of_the_database_are_ours(crud: Any) -> None:
    await three(crud)
    with pytest.raises(UniqueViolation):
        await maybe(crud.insert(MyUser(name="x", email="ada@x")))


async def test_what_is_no_instance_says_what_to_do(crud: Any) -> None:
    with pytest.raises(ModelError, match=r"takes an instance of a model, not the class MyUser"):
        await maybe(crud.insert(MyUser))
    with pytest.raises(ModelError, match=r"insert_many\(\)"):
        await maybe(crud.insert([MyUser(name="x", email="x")]))


async def test_insert_many_keeps_the_order_of_mixed_instances(crud: Any) -> None:
    given: list[Any] = [
        MyUser(name="a", email="a", age=1),
        Numbered(),
        MyUser(id=50, name="b", email="b"),
        MyUser(name="c", email="c", age=3),
    ]
    made = await maybe(crud.insert_many(given))
    assert [type(one) for one in made] == [MyUser, Numbered, MyUser, MyUser]
    assert [one.name for one in made if type(one) is MyUser] == ["a", "b", "c"]
    assert made[2].id == 50
    assert all(one.id for one in made)
    assert await maybe(crud.insert_many([])) == []


async def test_insert_many_is_all_or_none(crud: Any) -> None:
    with pytest.raises(UniqueViolation):
        await maybe(
            crud.insert_many(
                [MyUser(name="a", email="same"), MyUser(id=9, name="b", email="b"), MyUser(name="c", email="same")]
            )
        )
    assert await maybe(crud.select_all(MyUser)) == []


async def test_a_row_that_the_model_refuses_is_not_inserted(crud: Any) -> None:
    devil = Checked.model_construct(name="devil", age=20)
    with pytest.raises(ValueError, match="no devils"):
        await maybe(crud.insert(devil))
    with pytest.raises(ValueError, match="no devils"):
        await maybe(crud.insert_many([Checked(name="a"), devil]))
    assert await maybe(crud.select_raw("SELECT count(*) AS n FROM checked")) == [{"n": 0}]


@OLDER
async def test_a_row_that_does_not_come_back(crud: Any, backend: str) -> None:
    if backend == "postgresql":
        await maybe(
            crud.execute_raw(
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            )
        )
        await maybe(
            crud.execute_raw("CREATE TRIGGER t BEFORE INSERT ON my_user FOR EACH ROW EXECUTE FUNCTION nothing()")
        )
    else:
        await maybe(crud.execute_raw("CREATE TRIGGER t BEFORE INSERT ON my_user BEGIN SELECT RAISE(IGNORE); END"))
    with pytest.raises(InsertFailed, match=r"^Insert operation failed\."):
        await maybe(crud.insert(MyUser(name="a", email="a")))
    with pytest.raises(RuntimeError, match=r"^Insert operation failed\. 2 rows"):
        await maybe(crud.insert_many([MyUser(name="a", email="a"), MyUser(name="b", email="b")]))


# --- upsert ----------------------------------------------------------------------------------------------------------------


async def test_upsert_changes_what_was_given(crud: Any) -> None:
    ada = (await three(crud))[0]
    again = MyUser(name="Ada", email="ada@x")
    made = await maybe(crud.upsert(again, "email"))
    assert (made.id, made.name, made.age) == (ada.id, "Ada", 36)
    assert again.id is None
    made = await maybe(crud.upsert(MyUser(name="new", email="new@x"), "email"))
    assert (made.name, isinstance(made.id, int)) == ("new", True)
    left = await maybe(crud.upsert(MyUser(name="no", email="ada@x"), "email", do_nothing=True))
    assert left.name == "Ada"
    some = await maybe(crud.upsert(MyUser(name="no", email="ada@x", age=1), "email", ["age"]))
    assert (some.name, some.age) == ("Ada", 1)


async def test_upsert_by_primary_key(crud: Any) -> None:
    assert (await maybe(crud.upsert(Pair(left=1, right=2, note="a")))).note == "a"
    assert (await maybe(crud.upsert(Pair(left=1, right=2, note="b")))).note == "b"
    assert len(await maybe(crud.select_all(Pair))) == 1
    with pytest.raises(Exception, match="takes a whole Pair"):
        await maybe(crud.upsert(Partial(Pair)(left=1, right=2)))


# --- update and delete -----------------------------------------------------------------------------------------------------


async def test_update(crud: Any) -> None:
    ada = (await three(crud))[0]
    ada.email = "new@x"
    changed = await maybe(crud.update(ada))
    assert changed == ada
    assert changed is not ada
    assert await maybe(crud.select_one(MyUser, id=ada.id)) == changed


async def test_update_of_nothing_is_an_error_of_both_kinds(crud: Any) -> None:
    ghost = MyUser(id=99, name="ghost", email="g")
    with pytest.raises(UpdateFailed, match=r"^Update operation failed\. There is no MyUser with id=99$") as caught:
        await maybe(crud.update(ghost))
    assert isinstance(caught.value, RuntimeError)
    assert isinstance(caught.value, NoResultFound)
    with pytest.raises(RuntimeError, match=r"^Update operation failed\. .*its id is None"):
        await maybe(crud.update(MyUser(name="ghost", email="g")))


async def test_update_of_a_composite_key_and_of_versions(crud: Any) -> None:
    await maybe(crud.insert(Pair(left=1, right=2)))
    assert (await maybe(crud.update(Pair(left=1, right=2, note="b")))).note == "b"
    first = await maybe(crud.insert(Counted(name="a")))
    second = await maybe(crud.update(first.model_copy(update={"name": "b"})))
    assert (second.name, second.version) == ("b", first.version + 1)
    with pytest.raises(StaleRow):
        await maybe(crud.update(first))
    with pytest.raises(StaleRow):
        await maybe(crud.delete(first))
    assert await maybe(crud.delete(Partial(Counted)(id=first.id))) is True


async def test_delete(crud: Any) -> None:
    ada = (await three(crud))[0]
    assert await maybe(crud.delete(ada)) is True
    assert await maybe(crud.delete(ada)) is False
    assert await maybe(crud.delete(MyUser(name="never", email="never"))) is False
    assert len(await maybe(crud.select_all(MyUser))) == 2


# --- every style -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", ["async"])
async def test_typed_classes_and_dataclasses_are_models_too(crud: Any, engine: Any, models: ModuleType) -> None:
    user = models.User
    await maybe(engine.create_all(user))
    made = await maybe(crud.insert(user(name="ada", email="ada@x")))
    assert type(made) is user
    made.name = "Ada"
    assert (await maybe(crud.update(made))).name == "Ada"
    assert (await maybe(crud.update(Partial(user)(id=made.id, age=36)))).age == 36
    assert (await maybe(crud.select_one(user, where=Partial(user)(name="Ada", age=[1, 36])))).email == "ada@x"
    await maybe(crud.insert_many([user(name="b", email="b"), user(id=9, name="c", email="c")]))
    assert [one.name for one in (await maybe(crud.paginate(user, 1, 2)))[0]] == ["Ada", "b"]
    with pytest.raises(IntegrityError):
        await maybe(crud.insert(user(name="b", email="b")))
    assert (await maybe(crud.upsert(user(name="B", email="b"), "email"))).name == "B"
    assert await maybe(crud.delete(Partial(user)(id=9))) is True
