"""Soft deletion, mixins, callbacks, retry: what the types are."""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

import ferrow
from ferrow import (
    AsyncSession,
    Base,
    Mapped,
    Query,
    Session,
    SoftDeleteMixin,
    TimestampMixin,
    VersionMixin,
    create_engine,
    mapped_column,
)
from ferrow.orm import Upserted


class Article(SoftDeleteMixin, TimestampMixin, VersionMixin, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


session = Session(create_engine("sqlite::memory:"))
article = Article(title="x")

assert_type(article.deleted_at, datetime | None)
assert_type(article.updated_at, datetime)
assert_type(article.version, int)
assert_type(article.is_deleted, bool)
article.mark_deleted()

assert_type(session.soft_delete(article), Article)
assert_type(session.restore(article), Article)
session.force_delete(article)
assert_type(session.query(Article).with_deleted(), Query[Article])
assert_type(session.query(Article).only_deleted().filter(Article.deleted_at.is_not_null()).all(), list[Article])
assert_type(session.query(Article).unscoped().force_delete(), int)
assert_type(session.get(Article, 1, include_deleted=True), Article | None)
assert_type(session.update_all([article], "title", Article.title), list[Article])
assert_type(session.create_or_update(article, "title"), Upserted[Article])
found, created = session.create_or_update(article, "title")
assert_type(found, Article)
assert_type(created, bool)
assert_type([one.created for one in session.create_or_update_all([article], ["title"])], list[bool])
session.after_commit(lambda: len("sent"))


def work() -> int:
    return 1


async def work_async() -> str:
    return "x"


assert_type(ferrow.retry(work, attempts=3), int)


@ferrow.retrying
def transfer(cents: int) -> bool:
    return cents > 0


@ferrow.retrying(attempts=2)
async def transfer_async(cents: int, *, to: str) -> bool:
    return cents > 0


assert_type(transfer(5), bool)


async def main(session: AsyncSession) -> None:
    assert_type(await ferrow.retry(work_async), str)
    assert_type(await transfer_async(5, to="x"), bool)
    assert_type(await session.soft_delete(article), Article)
    assert_type(await session.query(Article).only_deleted().restore(), int)
    (one,) = await session.create_or_update_all([article], "title")
    assert_type(one.instance, Article)
    session.after_commit(work_async)
