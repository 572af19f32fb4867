"""Rows that are marked as deleted: what sets and takes the mark, and who does not see them any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, columns, func, joinedload, select, selectinload, update
from ferrow.errors import NoResultFound, NoSoftDelete, ProgrammingError
from tests.support import maybe
from tests.support.colours import items


async def titles(query: Any) -> list[str]:
    return sorted(article.title for article in await maybe(query.all()))


async def row(session: Any, model: Any, key: Any) -> Any:
    return await maybe(session.get(model, key, include_deleted=True))


# --- who sees them ------------------------------------------------------------------------------------------------------


async def test_queries_leave_deleted_rows_out(session: Any, models: ModuleType) -> None:
    articles = session.query(models.Article)
    assert await titles(articles) == ["Five", "Four", "One", "Three"]
    assert await titles(articles.with_deleted()) == ["Five", "Four", "One", "Three", "Two"]
    assert await titles(articles.only_deleted()) == ["Two"]


async def test_the_choice_may_come_anywhere_and_be_changed(session: Any, models: ModuleType) -> None:
    long = session.query(models.Article).filter(words__lt=25, words__gt=5).order_by("words")
    assert [one.title for one in await maybe(long.all())] == ["One"]
    assert [one.title for one in await maybe(long.with_deleted().all())] == ["One", "Two"]
    assert [one.title for one in await maybe(long.with_deleted().only_deleted().limit(3).all())] == ["Two"]
    assert [one.title for one in await maybe(long.only_deleted().with_deleted().filter(words=20).all())] == ["Two"]


async def test_everything_that_is_asked_of_a_query(session: Any, models: ModuleType) -> None:
    articles = session.query(models.Article)
    assert (await maybe(articles.count()), await maybe(articles.with_deleted().count())) == (4, 5)
    assert (await maybe(articles.sum("words")), await maybe(articles.only_deleted().sum("words"))) == (130, 20)
    assert await maybe(articles.min("words")) == 10
    assert not await maybe(articles.filter(title="Two").exists())
    assert await maybe(articles.with_deleted().filter(title="Two").exists())
    assert await maybe(articles.filter(title="Two").first()) is None
    assert await maybe(articles.filter(title="Two").one_or_none()) is None
    assert await maybe(articles.get_or_none(title="Two")) is None
    assert sorted(await maybe(articles.values_list("title", flat=True))) == ["Five", "Four", "One", "Three"]
    assert len(await maybe(articles.values("title"))) == 4
    assert {*(await maybe(articles.in_bulk([1, 2, 3])))} == {1, 3}
    assert sorted(one.title for one in await items(articles.stream(2))) == ["Five", "Four", "One", "Three"]
    page = await maybe(articles.order_by("words").page(1, size=3))
    assert ([one.words for one in page.items], page.total) == ([10, 30, 40], 4)
    piece = await maybe(articles.order_by("words").after(size=2))
    assert [one.words for one in piece.items] == [10, 30]
    rest = await maybe(articles.order_by("words").after(piece.next, size=5))
    assert [one.words for one in rest.items] == [40, 50]
    groups = await maybe(articles.group_by("writer_id").annotate(n=func.count()).values("writer_id", "n"))
    assert sorted(one["n"] for one in groups) == [1, 1, 2]


async def test_get(session: Any, models: ModuleType) -> None:
    assert await maybe(session.get(models.Article, 2)) is None
    found = await maybe(session.get(models.Article, 2, include_deleted=True))
    assert found.title == "Two"
    assert found.deleted_at is not None
    with pytest.raises(NoResultFound, match="there is no Article with id=2, unless deleted softly"):
        await maybe(session.get_or_raise(models.Article, 2))
    assert (await maybe(session.get_or_raise(models.Article, 2, include_deleted=True))).title == "Two"
    assert await maybe(session.get(models.ArticleLabel, (3, 2))) is None
    assert await maybe(session.get(models.ArticleLabel, (3, 2), include_deleted=True)) is not None


async def test_relation_paths(session: Any, models: ModuleType) -> None:
    writers, articles = session.query(models.Writer), session.query(models.Article)
    assert await maybe(writers.filter(articles__title="Two").all()) == []
    assert [one.name for one in await maybe(writers.filter(articles__words__gt=5, articles__words__lt=15).all())] == [
        "Ada"
    ]
    assert await titles(articles.filter(writer__name="Bob")) == []
    assert await titles(articles.filter(writer__name="Ada")) == ["One", "Three"]
    assert await titles(articles.filter(writer__name=None)) == ["Five", "Four"]
    assert await titles(articles.filter(writer=None)) == ["Five", "Four"]
    assert await titles(articles.filter(writer__isnull=False)) == ["One", "Three"]
    assert await titles(articles.filter(Q(writer__name="Bob") | Q(words=10))) == ["One"]
    assert await titles(articles.filter(labels__name="red")) == ["Four", "One", "Three"]
    assert await titles(articles.filter(labels__name="blue")) == []  # Two is deleted, and Three is it no more
    assert await titles(articles.with_deleted().filter(labels__name="blue")) == ["Two"]
    # An object or a key is what it is: this is about a column of the article.
    assert await titles(articles.filter(writer=2)) == ["Four"]
    named = await maybe(articles.order_by("words").values_list("title", "writer__name"))
    assert named == [("One", "Ada"), ("Three", "Ada"), ("Four", None), ("Five", None)]


async def test_any_and_has(session: Any, models: ModuleType) -> None:
    from ferrow.model import table_of
    from ferrow.model.relation_ref import RelationRef

    def relation(model: Any, key: str) -> Any:
        table = table_of(model)
        return RelationRef(table.relations[key], table.ref)

    articles, labels = session.query(models.Article), session.query(models.Label)
    assert await titles(articles.filter(relation(models.Article, "writer").has())) == ["One", "Three"]
    assert await titles(articles.filter(relation(models.Article, "writer").has(name="Bob"))) == []
    assert await titles(articles.filter(~relation(models.Article, "labels").any())) == ["Five"]
    found = await maybe(labels.filter(relation(models.Label, "articles").any(title__in=["Two", "Three"])).all())
    assert [one.name for one in found] == ["red"]


async def test_joins(session: Any, models: ModuleType) -> None:
    articles, writers = session.query(models.Article), session.query(models.Writer)
    assert await titles(articles.join(models.Writer)) == ["One", "Three"]
    assert await titles(articles.left_join(models.Writer)) == ["Five", "Four", "One", "Three"]
    assert await maybe(writers.join(models.Article).count()) == 2
    names = columns(models.Writer)
    rows = await maybe(articles.left_join(models.Writer).order_by("words").values_list("title", names.name))
    assert rows == [("One", "Ada"), ("Three", "Ada"), ("Four", None), ("Five", None)]


async def test_joins_along_relations(session: Any, models: ModuleType) -> None:
    from ferrow.model import table_of
    from ferrow.model.relation_ref import RelationRef

    table = table_of(models.Label)
    along = RelationRef(table.relations["articles"], table.ref)
    labels = session.query(models.Label).join(along)
    assert await maybe(labels.count()) == 3
    assert await maybe(labels.filter(name="blue").count()) == 0
    left = session.query(models.Label).left_join(along)
    assert await maybe(left.filter(name="blue").count()) == 1  # none of its two articles is seen, so it comes once
    assert await maybe(left.count()) == 4


@pytest.mark.parametrize("option", [selectinload, joinedload])
async def test_o_d25_related_deleted_rows_are_not_loaded(session: Any, models: ModuleType, option: Any) -> None:
    ada = await maybe(session.query(models.Writer).options(option("articles.labels")).one())
    assert sorted(article.title for article in ada.articles) == ["One", "Three"]
    assert [label.name for article in ada.articles for label in article.labels] == ["red", "red"]
    articles = await maybe(session.query(models.Article).options(option("writer")).order_by("words").all())
    assert [None if one.writer is None else one.writer.name for one in articles] == ["Ada", "Ada", None, None]
    labels = await maybe(session.query(models.Label).options(option("articles")).order_by("id").all())
    assert [sorted(one.title for one in label.articles) for label in labels] == [["Four", "One", "Three"], []]


async def test_o_d19_joinedload_between_two_models_with_soft_deletion(session: Any, models: ModuleType) -> None:
    query = session.query(models.Article).options(joinedload("writer")).filter(id=1)
    assert (await maybe(query.one())).writer.name == "Ada"
    assert (await maybe(query.with_deleted().filter(deleted_at=None).one())).writer.name == "Ada"


async def test_statements_are_not_scoped(session: Any, models: ModuleType) -> None:
    found = await maybe(session.execute(select(models.Article)))
    assert len(found.scalars().all()) == 5
    changed = await maybe(session.execute(update(models.Article).values(words=1)))
    assert changed.rowcount == 5


# --- who sets the mark ----------------------------------------------------------------------------------------------------


async def test_soft_delete_and_restore(session: Any, models: ModuleType) -> None:
    one = await maybe(session.get(models.Article, 1))
    before = datetime.now(UTC) - timedelta(seconds=2)
    assert await maybe(session.soft_delete(one)) is one
    assert before < one.deleted_at < datetime.now(UTC) + timedelta(seconds=2)
    assert (await row(session, models.Article, 1)).deleted_at == one.deleted_at
    assert await maybe(session.get(models.Article, 1)) is None

    assert await maybe(session.restore(one)) is one
    assert one.deleted_at is None
    assert (await maybe(session.get(models.Article, 1))).title == "One"


async def test_a_column_without_a_zone_says_it_in_utc(session: Any, models: ModuleType) -> None:
    bob = await row(session, models.Writer, 2)
    gone = bob.deleted_at.replace(tzinfo=bob.deleted_at.tzinfo or UTC)
    assert abs(datetime.now(UTC) - gone) < timedelta(minutes=5)


async def test_marking_twice_keeps_the_first_moment(session: Any, models: ModuleType) -> None:
    two = await row(session, models.Article, 2)
    first = two.deleted_at
    two.deleted_at = None  # as another program has it that knows nothing of it
    await maybe(session.soft_delete(two))
    assert two.deleted_at == first
    assert await maybe(session.query(models.Article).with_deleted().delete()) == 4
    assert (await row(session, models.Article, 2)).deleted_at == first


async def test_o_d27_remove_marks(session: Any, models: ModuleType) -> None:
    one = await maybe(session.get(models.Article, 1))
    await maybe(session.remove(one))
    assert one.deleted_at is not None
    assert (await row(session, models.Article, 1)).title == "One"
    with pytest.raises(NoResultFound, match="no Article with id=1 to delete"):
        await maybe(session.remove(one))


async def test_o_d27_query_update_leaves_deleted_rows_alone(session: Any, models: ModuleType) -> None:
    assert await maybe(session.query(models.Article).update(words=1)) == 4
    assert (await row(session, models.Article, 2)).words == 20
    assert await maybe(session.bulk_update(models.Article, {"words": 2}, title="Two")) == 0
    assert await maybe(session.query(models.Article).with_deleted().update(words=3)) == 5


async def test_query_delete_marks_and_force_delete_deletes(session: Any, models: ModuleType) -> None:
    articles = session.query(models.Article)
    assert await maybe(articles.filter(words__gte=40).delete()) == 2
    assert await titles(articles.only_deleted()) == ["Five", "Four", "Two"]
    assert await maybe(articles.order_by("words").limit(1).delete()) == 1
    assert await titles(articles) == ["Three"]
    with pytest.raises(ProgrammingError, match="force_delete"):
        await maybe(articles.only_deleted().delete())
    assert await maybe(articles.filter(words=40).restore()) == 1
    assert await titles(articles) == ["Four", "Three"]
    await maybe(session.query(models.ArticleLabel).with_deleted().force_delete())
    assert await maybe(articles.force_delete()) == 2
    assert await titles(articles.with_deleted()) == ["Five", "One", "Two"]
    assert await maybe(articles.only_deleted().force_delete()) == 3
    assert await maybe(articles.with_deleted().count()) == 0


async def test_bulk_delete_marks(session: Any, models: ModuleType) -> None:
    seen = await maybe(session.query(models.Article).count())
    all_ = await maybe(session.query(models.Article).with_deleted().count())
    assert await maybe(session.bulk_delete(models.Article)) == seen > 0
    assert await maybe(session.query(models.Article).count()) == 0
    assert await maybe(session.query(models.Article).with_deleted().count()) == all_


async def test_force_delete(session: Any, models: ModuleType) -> None:
    five, bob = await maybe(session.get(models.Article, 5)), await row(session, models.Writer, 2)
    await maybe(session.force_delete(five))
    assert await row(session, models.Article, 5) is None
    with pytest.raises(NoResultFound, match="no Article with id=5 to delete"):
        await maybe(session.force_delete(five))
    await maybe(session.query(models.Note).unscoped().delete())
    await maybe(session.query(models.Article).update(writer_id=None))
    await maybe(session.force_delete(bob))  # marked or not
    assert await row(session, models.Writer, 2) is None
    label = await maybe(session.get(models.Label, 2))
    await maybe(session.query(models.ArticleLabel).with_deleted().force_delete())
    await maybe(session.force_delete(label))  # of another model it is `remove`
    assert await maybe(session.get(models.Label, 2)) is None


async def test_rows_that_are_gone(session: Any, models: ModuleType) -> None:
    ghost = models.Writer(id=99, name="Ghost")
    for call, verb in ((session.soft_delete, "soft-delete"), (session.restore, "restore"), (session.remove, "delete")):
        with pytest.raises(NoResultFound, match=f"no Writer with id=99 to {verb}"):
            await maybe(call(ghost))
    with pytest.raises(ProgrammingError, match="Insert it first"):
        await maybe(session.soft_delete(models.Writer(name="New")))


async def test_models_without_it(session: Any, models: ModuleType) -> None:
    label = await maybe(session.get(models.Label, 1))
    for call in (session.soft_delete, session.restore):
        with pytest.raises(
            NoSoftDelete, match=r"Label has none: derive it from SoftDeleteMixin, or .* soft_delete=True"
        ) as raised:
            await maybe(call(label))
        assert isinstance(raised.value, TypeError)
    for method in ("with_deleted", "only_deleted"):
        with pytest.raises(NoSoftDelete, match=rf"{method}\(\)"):
            getattr(session.query(models.Label), method)()
    with pytest.raises(NoSoftDelete):
        await maybe(session.query(models.Label).restore())


async def test_upsert_finds_a_deleted_row(session: Any, models: ModuleType) -> None:
    again = await maybe(session.upsert(models.Article(title="Two", words=21), "title"))
    assert (again.id, again.words) == (2, 21)
    assert again.deleted_at is not None  # the row says so, and now the instance does
    restored = await maybe(session.upsert(models.Article(title="Two"), "title", update_fields=["deleted_at"]))
    assert (restored.id, restored.words, restored.deleted_at) == (2, 21, None)
