"""Soft deletion, mixins, callbacks, retry: mistakes that both checkers see."""

from __future__ import annotations

import ferrow
from ferrow import AsyncSession, Base, Mapped, Session, SoftDeleteMixin, create_engine, mapped_column


class Article(SoftDeleteMixin, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


session = Session(create_engine("sqlite::memory:"))
article = Article(title="x")

article.deleted_at = "yesterday"  # E
article.is_deleted = True  # E
session.query(Article).with_delete()  # E
session.query(Article).only_deleted(True)  # E
session.get(Article, 1, deleted=True)  # E
session.update_all(article)  # E
session.create_or_update(article)  # E
new = session.create_or_update(article, "title").new  # E
session.after_commit(len("x"))  # E
mapped_column(soft_delete="yes")  # E
session.after_rollback(lambda argument: None)  # E


@ferrow.retrying(attempts=2)
def transfer(cents: int) -> bool:
    return cents > 0


transfer("5")  # E
ferrow.retry(transfer)  # E
ferrow.retry(lambda: 1, attempts="3")  # E
ferrow.retry(lambda: 1, on=ValueError("x"))  # E


async def main(session: AsyncSession) -> None:
    assert (await session.soft_delete(article)).titel  # E
    assert session.soft_delete(article).title  # E
