"""What the functions give, in both colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_type

import ferrow.crud.sync as sync
from ferrow import Base, Mapped, Q, Session, columns, create_engine, mapped_column
from ferrow.crud import (
    AsyncFunctions,
    BaseModel,
    ConnectionManager,
    Functions,
    Partial,
    SQLBuilder,
    SQLStatement,
    delete,
    execute_raw,
    insert,
    insert_many,
    paginate,
    paginate_keyset,
    paginate_raw,
    select_all,
    select_one,
    select_raw,
    update,
    upsert,
)
from ferrow.engine import AsyncEngine, Engine
from ferrow.orm import Slice


class User(BaseModel):
    __table_name__ = '"users"'
    __schema__ = "app"
    __primary_key__ = "user_id"

    user_id: int | None = None
    name: str
    tags: list[str] | None = None


class Typed(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@dataclass
class Data:
    id: int | None = None
    name: str = ""


async def asynchronous() -> None:
    await ConnectionManager.initialize(dsn="sqlite::memory:", min_size=1, timeout=3)
    assert_type(await insert(User(name="x")), User)
    assert_type(await insert(Typed(name="x")), Typed)
    assert_type(await insert_many([Data(), Data()]), list[Data])
    assert_type(await upsert(User(name="x"), "name", ["tags"]), User)
    assert_type(await select_one(User, user_id=1), User | None)
    assert_type(await select_one(Data, where=Q(name="x")), Data | None)
    assert_type(
        await select_all(User, where=columns(User).name == "x", limit=3, order_by=["-name", "tags"]), list[User]
    )
    assert_type(await update(User(user_id=1, name="x"), fields=["name"]), User)
    assert_type(await delete(Data(id=1)), bool)
    users, total = await paginate(model_class=User, page=1, page_size=10, name="x")
    assert_type(users, list[User])
    assert_type(total, int)
    assert_type(await paginate_keyset(Typed, page_size=3), Slice[Typed])
    assert_type(await select_raw("SELECT 1"), list[dict[str, Any]])
    assert_type(await select_raw("SELECT %s", [1], User), list[User])
    assert_type(await select_raw("SELECT 1", model_class=Data), list[Data])
    assert_type(await execute_raw("SELECT 1"), int)
    assert_type(await paginate_raw(Data, "SELECT 1", "SELECT 1", 1, 2), tuple[list[Data], int])
    assert_type(await paginate_raw(None, "SELECT 1", "SELECT 1", 1, 2), tuple[list[dict[str, Any]], int])
    assert_type(ConnectionManager.engine, AsyncEngine)
    async with ConnectionManager.transaction(), ConnectionManager.get_pool().connection() as conn:
        async with conn.cursor() as cur:
            await cur.execute("SELECT %s", [1])
            await cur.fetchall()

    # A partial class is called with some of the fields, and gives what stands for an instance of the model.
    partial = Partial(User)
    some = partial(name="x")
    assert_type(some, User)
    assert_type(await select_all(User, where=some), list[User])
    assert_type(await update(partial(user_id=1, tags=[])), User)
    assert_type(await delete(Partial(Typed)(id=1)), bool)
    assert_type(User.get_table_name(), str)

    other = AsyncFunctions(create_engine("sqlite::memory:"))
    assert_type(await other.select_one(User, name="x"), User | None)


def synchronous() -> None:
    sync.ConnectionManager.initialize(dsn="sqlite::memory:")
    assert_type(sync.insert(User(name="x")), User)
    assert_type(sync.select_one(User, user_id=1), User | None)
    assert_type(sync.select_all(Typed), list[Typed])
    assert_type(sync.paginate(Data, 1, 2), tuple[list[Data], int])
    assert_type(sync.delete(User(name="x")), bool)
    assert_type(sync.select_raw("SELECT 1", model_class=Data), list[Data])
    assert_type(sync.ConnectionManager.engine, Engine)
    Session(sync.ConnectionManager.engine)
    with sync.ConnectionManager.transaction():
        with sync.ConnectionManager.get_pool().connection() as conn, conn.cursor() as cur:
            cur.execute("SELECT 1")
    assert_type(Functions(create_engine("sqlite::memory:")).select_all(User), list[User])

    query, params = SQLBuilder.build_insert(User(name="x"))
    assert_type(query, SQLStatement)
    assert_type(params, list[Any])
    sync.execute_raw(query, params)
