"""Statements with joins, subqueries, sets and RETURNING, on real rows, in every model style."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import (
    AsyncSession,
    Base,
    ForeignKey,
    Mapped,
    Q,
    Session,
    aliased,
    delete,
    func,
    insert,
    mapped_column,
    optional,
    relationship,
    select,
    selectinload,
    update,
)
from ferrow.errors import DataError, NotSupportedError, NoValues, ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.selecting import World


class Worker(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    boss: Mapped[Worker | None] = relationship(foreign_keys=["boss_id"])


@pytest.fixture
def world(session: Any, models: ModuleType, runner: Runner) -> World:
    """Ada with two posts, Alan with one, Grace with none."""

    async def fill() -> None:
        people = [("Ada", "a", 36), ("Alan", "b", 41), ("Grace", "c", None)]
        users = [models.User(name=name, email=email, age=age) for name, email, age in people]
        ada, alan, _ = await maybe(session.insert_all(users))
        posts = [("Notes", ada.id), ("Engines", ada.id), ("Numbers", alan.id)]
        await maybe(session.insert_all([models.Post(title=title, author_id=id) for title, id in posts]))

    runner.run(fill())
    return World(session, models)


async def test_a_subquery_is_selected_from_and_joined(world: World) -> None:
    user, post = world.user, world.post
    counted = select(post.author_id, func.count().label("n")).group_by(post.author_id).subquery("counted")
    statement = select(user.name, counted.c.n).join(counted, counted.c.author_id == user.id).order_by(user.name)

    assert await world.rows(statement) == [("Ada", 2), ("Alan", 1)]
    assert await world.rows(select(counted.c.n).where(counted.c.n > 1)) == [(2,)]

    named = select(user.id, user.name).where(user.age > 30).cte("adults")
    assert await world.rows(select(func.count()).select_from(named)) == [(2,)]
    joined = select(post.title, named.c.name).join(named, named.c.id == post.author_id).order_by(post.id).limit(1)
    assert await world.rows(joined) == [("Notes", "Ada")]


async def test_queries_inside_conditions_and_values(world: World) -> None:
    user, post = world.user, world.post
    own = select(post.id).where(post.author_id == user.id)

    assert await world.rows(select(user.name).where(own.exists()).order_by("name")) == [("Ada",), ("Alan",)]
    assert await world.rows(select(user.name).where(~own.exists())) == [("Grace",)]
    assert await world.rows(select(user.name).where(user.id.not_in(select(post.author_id)))) == [("Grace",)]
    newest = select(func.max(post.title)).where(post.author_id == user.id).scalar().label("newest")
    assert await world.rows(select(user.name, newest).order_by("name")) == [
        ("Ada", "Notes"),
        ("Alan", "Numbers"),
        ("Grace", None),
    ]


async def test_sets(world: World) -> None:
    user, post = world.user, world.post
    names, titles = select(user.name), select(post.title)

    assert await world.rows(names.union(titles).order_by("-name").limit(2)) == [("Numbers",), ("Notes",)]
    assert len(await world.rows(names.union_all(names))) == 6
    assert await world.rows(names.except_(select(user.name).where(user.age > 0))) == [("Grace",)]
    assert await world.rows(names.intersect(select(user.name).where(user.age > 40))) == [("Alan",)]

    adults = select(world.User).where(user.age > 30).union(select(world.User).filter_by(name="Grace"))
    found = (await maybe(world.session.execute(adults.order_by("name")))).scalars().all()
    assert [(type(one), one.name) for one in found] == [(world.User, name) for name in ("Ada", "Alan", "Grace")]


async def test_a_full_join_keeps_both_sides(world: World, backend: str) -> None:
    user, post = world.user, world.post
    adults = select(user.id, user.name).where(user.name != "Ada").subquery("adults")
    statement = select(optional(adults.c.name), optional(post.title)).full_join(
        world.Post, post.author_id == adults.c.id
    )

    if backend == "mariadb":
        with pytest.raises(NotSupportedError, match="FULL JOIN"):
            await world.rows(statement.select_from(adults))
        return
    found = await world.rows(statement.select_from(adults))

    assert sorted(found, key=str) == [("Alan", "Numbers"), ("Grace", None), (None, "Engines"), (None, "Notes")]
    both = select(optional(world.User), optional(world.Post)).full_join(world.Post, post.author_id == user.id)
    assert sum(one is not None for one, _ in await world.rows(both)) == 4


async def test_distinct_on_and_locks(world: World) -> None:
    user, post = world.user, world.post
    latest = select(post.author_id, post.title).distinct(post.author_id).order_by(post.author_id, post.title)

    assert [title for _, title in await world.rows(latest)] == ["Engines", "Numbers"]
    assert len(await world.rows(select(user.id).where(user.age > 0).for_update())) == 2


async def test_a_model_beside_itself_and_along_relations(engine: Any, colour: str) -> None:
    session: Any = (AsyncSession if colour == "async" else Session)(engine)
    await maybe(engine.create_all(Worker))
    ada = await maybe(session.insert(Worker(name="Ada")))
    await maybe(session.insert_all([Worker(name="Alan", boss_id=ada.id), Worker(name="Grace", boss_id=ada.id)]))
    boss = aliased(Worker, "boss")

    for statement in (
        select(Worker.name, optional(boss)).left_join(boss, Worker.boss_id == boss.id),
        select(Worker.name, optional(boss)).left_join(Worker.boss.to(boss)),
        select(Worker.name, optional(boss)).left_join(boss, Worker.boss),
    ):
        result = await maybe(session.execute(statement.order_by(Worker.id)))
        assert [(name, one and (type(one), one.name)) for name, one in result] == [
            ("Ada", None),
            ("Alan", (Worker, "Ada")),
            ("Grace", (Worker, "Ada")),
        ]
        assert result.columns == ("name", "boss")
    found = await maybe(session.execute(select(boss).where(boss.name == "Ada")))
    assert [one.name for one in found.scalars().all()] == ["Ada"]
    with pytest.raises(ProgrammingError, match="aliased"):
        select(Worker).join(Worker.boss)


async def test_update_of_rows_chosen_by_another_model(world: World) -> None:
    user, post = world.user, world.post
    statement = update(world.Post).join(world.User).where(user.name == "Ada").values(title=post.title + "!")

    result = await maybe(world.session.execute(statement))

    assert result.rowcount == 2
    assert [row[0] for row in await world.rows(select(post.title).order_by("id"))] == ["Notes!", "Engines!", "Numbers"]


async def test_delete_of_rows_chosen_by_another_model(world: World) -> None:
    user, post = world.user, world.post
    result = await maybe(world.session.execute(delete(world.Post).join(world.User).where(user.age < 40)))

    assert result.rowcount == 2
    assert await world.rows(select(post.title)) == [("Numbers",)]


async def test_returning_in_three_forms(world: World, backend: str) -> None:
    user, session = world.user, world.session
    base = insert(world.User).values(name="Kay", email="k")

    typed = await maybe(session.execute(base.returning(user.name, user.age)))
    assert typed.all() == [("Kay", None)]
    assert typed.one()[0] == "Kay"

    changing = update(world.User).filter_by(name="Kay").values(age=9).returning("name", "age")
    if backend == "mariadb":
        with pytest.raises(NotSupportedError, match="UPDATE has no RETURNING"):
            await maybe(session.execute(changing))
    else:
        changed = await maybe(session.execute(changing))
        assert changed.all() == [{"name": "Kay", "age": 9}]
        assert changed.rowcount == 1

    removed = await maybe(session.execute(delete(world.User).where(Q(name="Kay")).returning()))
    assert [(type(one), one.name) for one in removed.scalars().all()] == [(world.User, "Kay")]
    assert (await maybe(session.execute(delete(world.User).where(user.name == "Kay").returning(user.id)))).all() == []


async def test_values_that_the_database_computes(world: World) -> None:
    user = world.user
    oldest = select(func.max(user.age)).scalar()
    statement = insert(world.User).values(
        {"name": "x", "email": "x", "age": oldest}, {"name": "y", "email": "y", "age": oldest}
    )

    assert (await maybe(world.session.execute(statement.returning(user.age)))).all() == [(41,), (41,)]


async def test_bulk_delete(world: World) -> None:
    session, user = world.session, world.user
    await maybe(session.query(world.Post).delete())
    assert await maybe(session.bulk_delete(world.User, user.age > 40, name="Alan")) == 1
    assert await maybe(session.bulk_delete(world.User, Q(name="Ada") | Q(name="Bob"), age=1)) == 0
    with pytest.raises(UnknownColumn, match="Did you mean 'name'"):
        await maybe(session.bulk_delete(world.User, nmae="Ada"))
    left = await maybe(session.query(world.User).count())
    assert await maybe(session.bulk_delete(world.User)) == left > 0


async def test_bulk_update(world: World) -> None:
    session, user = world.session, world.user

    assert await maybe(session.bulk_update(world.User, {"age": 1}, user.age > 40)) == 1
    assert await maybe(session.bulk_update(world.User, {"age": 2}, Q(name="Ada") | Q(age=None))) == 2
    assert await maybe(session.bulk_update(world.User, {"name": "x", "age": user.age + 1}, name__startswith="A")) == 2
    assert await maybe(session.bulk_update(world.User, {"age": 0}, age=100)) == 0
    assert await world.rows(select(user.name, user.age).order_by("id")) == [("x", 3), ("x", 2), ("Grace", 2)]
    for values, error in (({}, NoValues), ({"agee": 1}, UnknownColumn), ({"age": "x"}, DataError)):
        with pytest.raises(error):
            await maybe(session.bulk_update(world.User, values))


async def test_results_in_notebooks(world: World) -> None:
    result = await maybe(world.session.execute(select(world.User).order_by("id")))
    assert "<td>Ada</td>" in result._repr_html_()
    raw = await maybe(world.session.execute_raw("SELECT '<' AS a, NULL AS b"))
    assert raw._repr_html_() == (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>&lt;</td><td><em>NULL</em></td></tr>"
        "</tbody></table><p>1 row</p>"
    )


async def test_relations_come_with_the_instances(engine: Any, colour: str) -> None:
    session: Any = (AsyncSession if colour == "async" else Session)(engine)
    await maybe(engine.create_all(Worker))
    ada = await maybe(session.insert(Worker(name="Ada")))
    await maybe(session.insert(Worker(name="Alan", boss_id=ada.id)))

    statement = select(Worker).options(selectinload("boss")).order_by("id")
    found = (await maybe(session.execute(statement))).scalars().all()

    assert [one.boss and one.boss.name for one in found] == [None, "Ada"]
    with pytest.raises(UnknownColumn, match="Did you mean 'boss'"):
        select(Worker).options(selectinload("bos"))
