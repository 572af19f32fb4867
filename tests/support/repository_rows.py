"""A few people in a repository."""

from __future__ import annotations

from typing import Any

from tests.support import maybe
from tests.support.repository_models import Person


async def people(kit: Any) -> Any:
    repo = kit.repo(Person)
    await maybe(
        repo.insert_many(
            [
                Person(email="ada@x.org", name="Ada", age=36, city="London"),
                Person(email="alan@x.org", name="Alan", age=41),
                Person(email="grace@x.com", name="Grace", age=85, city="Rome"),
            ]
        )
    )
    return repo


async def names(repo: Any, *args: Any, **options: Any) -> list[str]:
    return [one.name for one in await maybe(repo.list(*args, **{"order_by": "id", **options}))]
