"""`select` of columns, expressions and models: rows of every form, from real databases."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import ModuleType
from typing import Any

import pytest

from ferrow import Base, Mapped, Q, func, mapped_column, optional, select
from ferrow.errors import DataError, MultipleResultsFound, NoResultFound, ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.selecting import Named, World


@pytest.fixture
def world(session: Any, models: ModuleType, runner: Runner) -> World:
    """Ada with two posts, Alan with one, Grace with none."""

    async def fill() -> None:
        ada, alan, _ = await maybe(
            session.insert_all(
                [
                    models.User(name="Ada", email="ada@example.com", age=36),
                    models.User(name="Alan", email="alan@example.com", age=41),
                    models.User(name="Grace", email="grace@example.org", age=None),
                ]
            )
        )
        await maybe(
            session.insert_all(
                [
                    models.Post(title="Notes", author_id=ada.id, body="one"),
                    models.Post(title="Engines", author_id=ada.id, body=None),
                    models.Post(title="Numbers", author_id=alan.id, body="two"),
                ]
            )
        )

    runner.run(fill())
    return World(session, models)


async def test_columns(world: World) -> None:
    user = world.user
    result = await maybe(world.session.execute(select(user.name, user.age).where(user.age >= 18).order_by(user.name)))

    assert result.all() == result.tuples() == [*result] == [("Ada", 36), ("Alan", 41)]
    assert result.first() == ("Ada", 36)
    assert result.scalars().all() == ["Ada", "Alan"]
    assert result.scalar() == "Ada"
    assert result.column("age") == [36, 41]
    assert result.dicts() == [{"name": "Ada", "age": 36}, {"name": "Alan", "age": 41}]
    assert (result.columns, result.rowcount, len(result)) == (("name", "age"), 2, 2)
    assert repr(result) == "<RowResult (name, age) rows=2>"
    assert "<td>Ada</td><td>36</td>" in result._repr_html_()
    with pytest.raises(KeyError, match="Did you mean 'name'"):
        result.column("nmae")
    with pytest.raises(MultipleResultsFound):
        result.one()


async def test_no_rows(world: World) -> None:
    result = await maybe(world.session.execute(select(world.user.name).where(world.user.age > 100)))

    assert (result.all(), result.first(), result.one_or_none(), result.scalar(), result.dicts()) == (
        [],
        None,
        None,
        None,
        [],
    )
    with pytest.raises(NoResultFound):
        result.one()


async def test_a_model_beside_a_column(world: World) -> None:
    found = await world.rows(select(world.User, world.post.title).join(world.Post).order_by(world.post.id))

    assert [(type(user), user.name, title) for user, title in found] == [
        (world.User, "Ada", "Notes"),
        (world.User, "Ada", "Engines"),
        (world.User, "Alan", "Numbers"),
    ]


async def test_two_models(world: World) -> None:
    user, post = world.user, world.post
    statement = select(world.Post, world.User).join(world.User, post.author_id == user.id).order_by(post.id).limit(2)

    found = await world.rows(statement)

    assert [(one.title, two.name) for one, two in found] == [("Notes", "Ada"), ("Engines", "Ada")]
    assert (await maybe(world.session.execute(statement))).columns == ("Post", "User")


async def test_what_an_outer_join_finds_nothing_for_is_none(world: World) -> None:
    user, post = world.user, world.post
    base = select(world.User, optional(world.Post), optional(post.title)).left_join(world.Post)

    found = await world.rows(base.order_by(user.id, post.id))

    assert [(one.name, two and two.title, title) for one, two, title in found] == [
        ("Ada", "Notes", "Notes"),
        ("Ada", "Engines", "Engines"),
        ("Alan", "Numbers", "Numbers"),
        ("Grace", None, None),
    ]


async def test_an_outer_join_without_optional_is_refused(world: World) -> None:
    user, post = world.user, world.post
    for wrong, text in (
        (select(world.User, world.Post).left_join(world.Post), r"select it as optional\(Post\)"),
        (select(user.name, post.title).left_join(world.Post), r"optional\(Post.title\)"),
        (select(user.name, post.title.label("t")).left_join(world.Post), r"t is None where"),
        (select(user.name, post.id + 1).left_join(world.Post), r"finds no Post"),
    ):
        with pytest.raises(ProgrammingError, match=text):
            await maybe(world.session.execute(wrong))
    # What may be NULL anyway, and what counts, says no lie.
    assert len(await world.rows(select(user.name, post.body).left_join(world.Post))) == 4
    counted = select(user.name, func.count(post.id).label("n")).left_join(world.Post).group_by(user.name)
    assert await world.rows(counted.order_by("-n")) == [("Ada", 2), ("Alan", 1), ("Grace", 0)]


async def test_groups(world: World) -> None:
    user, post = world.user, world.post
    statement = (
        select(user.name, func.count().label("n"), func.max(post.title))
        .join(world.Post)
        .group_by(user.name)
        .having(func.count() > 1)
    )

    result = await maybe(world.session.execute(statement))

    assert result.all() == [("Ada", 2, "Notes")]
    assert result.columns == ("name", "n", "max")


async def test_names_keywords_and_q(world: World) -> None:
    user = world.user
    base = select(world.User, user.email).where(Q(name__startswith="A") | Q(age=None))

    assert [one.name for one, _ in await world.rows(base.order_by("-name"))] == ["Grace", "Alan", "Ada"]
    assert [one.name for one, _ in await world.rows(base.filter_by(name="Ada"))] == ["Ada"]
    assert await world.rows(select(func.count()).select_from(world.User).filter_by(name="Ada")) == [(1,)]
    with pytest.raises(UnknownColumn, match="Did you mean 'name'"):
        base.filter_by(nmae="x")
    with pytest.raises(ProgrammingError, match=r"select_from\(Model\)"):
        await maybe(world.session.execute(select(func.count())))


async def test_columns_of_a_table_that_is_not_joined_are_refused(world: World) -> None:
    with pytest.raises(ProgrammingError, match="posts"):
        await maybe(world.session.execute(select(world.user.name, world.post.title)))


async def test_rows_as_models(world: World) -> None:
    @dataclass
    class Card:
        name: str
        age: int | None = None
        role: str = "guest"

    result = await maybe(world.session.execute(select(world.user.name, world.user.age).order_by("name")))

    assert result.models(Card)[:2] == [Card("Ada", 36), Card("Alan", 41)]


async def test_raw_rows_as_models(world: World) -> None:
    @dataclass
    class Card:
        name: str
        age: int

    async def run(sql: str) -> Any:
        return await maybe(world.session.execute_raw(sql))

    assert (await run("SELECT name, age FROM users WHERE age > 40")).to_model(Card) == Card("Alan", 41)
    assert [user.name for user in (await run("SELECT * FROM users ORDER BY id")).to_models(world.User)] == [
        "Ada",
        "Alan",
        "Grace",
    ]
    for sql, error, text in (
        ("SELECT name, age AS ag FROM users", ProgrammingError, "'ag'.* Did you mean 'age'"),
        ("SELECT name FROM users", ProgrammingError, "needs age"),
        ("SELECT name, age FROM users", DataError, "NULL"),
        ("SELECT name, name AS age FROM users", DataError, "Card.age is"),
    ):
        with pytest.raises(error, match=text):
            (await run(sql)).to_models(Card)
    with pytest.raises(MultipleResultsFound):
        (await run("SELECT name, age FROM users WHERE age > 0")).to_model(Card)


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT name FROM users WHERE age > ? AND name <> '?' ORDER BY 1", [40]),
        ("SELECT name FROM users WHERE age > $1 AND name <> '$1' ORDER BY 1", [40]),
        ("SELECT name FROM users WHERE age > :age AND name <> ':age' ORDER BY 1", {"age": 40}),
        ("SELECT name FROM users WHERE age > $2 AND age < $1 ORDER BY 1", [90, 40]),
        ("SELECT name FROM users WHERE age > :low AND age < :high OR age = :low", {"high": 90, "low": 40}),
    ],
)
async def test_placeholders(world: World, sql: str, params: Any) -> None:
    assert (await maybe(world.session.execute_raw(sql, params))).column("name") == ["Alan"]


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Code(str):
    __slots__ = ()


class Paint(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[Colour]
    code: Mapped[Code | None] = mapped_column()
    tags: Mapped[dict[str, Any] | None] = mapped_column(name="tags_json")


async def test_values_come_back_as_the_attribute_has_them(engine: Any, colour: str, runner: Runner) -> None:
    from ferrow import AsyncSession, Session

    session: Any = (AsyncSession if colour == "async" else Session)(engine)
    await maybe(engine.create_all(Paint))
    await maybe(session.insert(Paint(colour=Colour.RED, code=Code("x"), tags={"a": 1})))

    result = await maybe(session.execute(select(Paint.colour, Paint.code, Paint.tags, func.max(Paint.colour))
                                         .group_by(Paint.colour, Paint.code, Paint.tags)))  # fmt: skip

    (row,) = result.all()
    assert row == (Colour.RED, Code("x"), {"a": 1}, Colour.RED)
    assert type(row[1]) is Code
    assert result.columns[:3] == ("colour", "code", "tags")


async def test_o_d5_one_text_with_values_of_other_types(session: Any, models: ModuleType, backend: str) -> None:
    """The first call's Python types decide nothing for the second: the same SQL first with 1, then with 9.99."""
    insert = 'INSERT INTO samples ("real") VALUES (?)'
    for value in (1, 9.99, None, 2):
        await maybe(session.execute_raw(insert, [value]))
    assert (await maybe(session.execute_raw('SELECT "real" FROM samples ORDER BY id'))).scalars() == [
        1.0,
        9.99,
        None,
        2.0,
    ]

    calculate = f"SELECT CAST(? AS {'double' if backend == 'mariadb' else 'double precision'}) + 1"
    assert [(await maybe(session.execute_raw(calculate, [value]))).scalar() for value in (1, 1.5, 2)] == [2, 2.5, 3]

    sample = Named(models.Sample)
    for value in (1, 9.99, 2):
        statement = select(func.count()).select_from(models.Sample).where(sample.whole >= value)
        assert (await maybe(session.execute(statement))).scalar() == 0


async def test_o_d11_column_expressions(world: World) -> None:
    """`select(User).where(User.age >= 18)` runs, and `User.name == "x"` is a condition, not False."""
    user = world.user
    result = await maybe(world.session.execute(select(world.User).where(user.age >= 18, user.name == "Ada")))

    assert [one.name for one in result.scalars().all()] == ["Ada"]
    assert result.all()[0]["name"] == "Ada"
    assert (user.name == "x") is not False
    for wrong in (len, bool, list):
        with pytest.raises(TypeError, match="two forms of rows"):
            wrong(result)
