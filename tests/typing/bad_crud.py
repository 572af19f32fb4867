"""Mistakes with the functions: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

import ferrow.crud.sync as sync
from ferrow.crud import (
    BaseModel,
    ConnectionManager,
    Partial,
    SQLBuilder,
    insert,
    paginate,
    select_all,
    select_one,
    select_raw,
)


class User(BaseModel):
    id: int | None = None
    name: str


user = User(name="Ada")

name: str = sync.select_one(User, id=1).name  # E
found: User = sync.select_one(User, id=1)  # E
number: list[int] = sync.select_all(User)  # E
misspelt = sync.insert(user).nmae  # E
sync.select_all(User, limit="3")  # E
sync.select_all(User, order_by=3)  # E
sync.paginate(User, "1", 10)  # E
sync.paginate(User)  # E
sync.update(user, fields=3)  # E
sync.execute_raw(3)  # E
sync.select_raw("SELECT 1", model_class=user)  # E
sync.ConnectionManager.initialize()  # E
sync.ConnectionManager.transaction(isolation="snapshot")  # E
SQLBuilder.build_select(user)  # E
Partial(user)  # E
unknown = Partial(User)(name="x").nmae  # E
sync.ConnectionManager.get_pool().connection().cursor()  # E


async def asynchronous() -> None:
    len(insert(user))  # E
    (await select_one(User)).name.upper()  # E
    (await paginate(User, 1, 2)).append(user)  # E
    for row in await select_raw("SELECT 1"):
        row.name.upper()  # E
    select_all(User).sort()  # E
    with ConnectionManager.transaction():  # E
        pass
