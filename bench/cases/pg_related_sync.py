"""A thousand authors with ten posts each from PostgreSQL, by two statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bench.case import Work, group, sync_case
from bench.data import POSTS, authors, posts
from bench.floor import postgres as floor
from bench.settings import postgres_url

GROUP = group(
    "pg-related-sync", "PostgreSQL: 1,000 instances with 10 related ones each", ops=len(authors()), unit="instance"
)


def related(posts_of: Callable[[Any], Iterable[Any]] = lambda author: author.posts) -> Callable[[Any], None]:
    """Whether each author has its posts."""

    def check(instances: Any) -> None:
        found = sorted(
            (post.id, author.id, post.title, post.views, post.published)
            for author in instances
            for post in posts_of(author)
        )
        if found != posts():
            raise AssertionError(f"wrong posts: {len(found)} instead of {len(posts())}, the first is {found[:1]}")

    return check


@sync_case(GROUP, "ferrow-orm", "Ferrow session, selectinload")
def ferrow() -> Iterator[Work]:
    from bench.models.postgresql import Author
    from ferrow import Session, create_engine, selectinload

    engine = create_engine(postgres_url())
    yield Work(lambda: Session(engine).query(Author).options(selectinload("posts")).all(), related())
    engine.close()


@sync_case(GROUP, "info", "Ferrow unit of work, selectinload")
def ferrow_unit() -> Iterator[Work]:
    from bench.models.postgresql import Author
    from ferrow import Session, create_engine, selectinload

    engine = create_engine(postgres_url())

    def run() -> object:
        with Session(engine) as session:
            return session.query(Author).options(selectinload("posts")).all()

    yield Work(run, related())
    engine.close()


@sync_case(GROUP, "orm", "SQLAlchemy selectinload, psycopg")
def sqlalchemy() -> Iterator[Work]:
    from sqlalchemy import create_engine, select
    from sqlalchemy.orm import Session, selectinload

    from bench.models.alchemy import Author

    engine = create_engine(postgres_url("postgresql+psycopg"), isolation_level="AUTOCOMMIT")

    def run() -> object:
        with Session(engine) as session:
            return session.scalars(select(Author).options(selectinload(Author.posts))).all()

    yield Work(run, related())
    engine.dispose()


@sync_case(GROUP, "orm", "Peewee prefetch, psycopg")
def peewee() -> Iterator[Work]:
    from bench.models.peewee_orm import DATABASE, Author, Post

    yield Work(lambda: list(Author.select().prefetch(Post)), related())
    DATABASE.close()


@sync_case(GROUP, "orm", "Django prefetch_related, psycopg")
def django() -> Iterator[Work]:
    from bench.models.django_orm import Author

    yield Work(lambda: list(Author.objects.prefetch_related("posts")), related(lambda author: author.posts.all()))


# The posts alone, which are most of it.
floor.table(GROUP, f"SELECT * FROM {POSTS}")
