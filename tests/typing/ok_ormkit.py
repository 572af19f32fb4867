"""What checkers know about the names of OrmKit's programs."""

from typing import Any, assert_type

from ferrow import (
    AsyncSession,
    Base,
    ConnectionPool,
    ManyToManyCollection,
    Mapped,
    Q,
    RustColumnInfo,
    RustTableInfo,
    Session,
    Transaction,
    create_engine,
    mapped_column,
    relationship,
)
from ferrow.model import Column


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    friends: Mapped[ManyToManyCollection["User"]] = relationship(secondary="friends")


async def links(user: User) -> None:
    assert_type(user.friends, ManyToManyCollection[User])
    assert_type(user.friends[0], User)
    await user.friends.add(User(), 3)
    await user.friends.remove(*user.friends)
    assert_type(await user.friends.clear(), None)


async def in_async_code() -> None:
    pool: ConnectionPool = await create_engine("sqlite::memory:")
    assert_type(await pool.get_tables(), list[str])
    assert_type(await pool.get_columns("users"), list[RustColumnInfo])
    assert_type(await pool.get_table_info("users"), RustTableInfo)
    assert_type(pool.is_postgres(), bool)
    async with await pool.transaction() as raw:
        assert_type(await raw.execute_many("INSERT INTO users VALUES (?)", [[1]]), int)
    session = AsyncSession(pool)
    async with session.begin() as tx:
        assert_type(tx, Transaction)
        assert_type(tx.add(User()).add_all([User()]), Transaction)
    async with session.transaction() as same:
        assert_type(same, AsyncSession)


def in_sync_code() -> None:
    engine = create_engine("sqlite::memory:")
    assert_type(engine.get_table_info("users"), RustTableInfo)
    with Session(engine).transaction(readonly=True) as session:
        assert_type(session, Session)


assert_type(User.__columns__, dict[str, Column])
assert_type(User.__columns__["id"].sql_type("sqlite"), str)
assert_type(User.__primary_key__, str | tuple[str, ...] | None)
assert_type(Q(id=1).to_sql(User, "sqlite", param_offset=1), tuple[str, tuple[Any, ...]])
