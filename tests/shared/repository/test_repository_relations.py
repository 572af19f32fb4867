"""Relations: created with an object, read with it, and where they are told from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ferrow.errors import IntegrityError
from ferrow.repository import AsyncRelatedResult, RelatedResult, RelationSpec, model_relations
from tests.support import entered, maybe
from tests.support.repository_models import AUTO, Author, Frozen, Post


async def titles(kit: Any) -> list[tuple[int | None, str]]:
    return [(one.author_id, one.title) for one in await maybe(kit.repo(Post).list(order_by="id"))]


async def test_children_are_created_with_their_parent(kit: Any) -> None:
    author, posts = Author(name="alice"), [Post(title="p1"), Post(title="p2")]
    assert await maybe(kit.repo(Author).create(author, relations={"posts": posts})) is author
    assert [(one.id, one.author_id) for one in posts] == [(1, 1), (2, 1)]
    assert await titles(kit) == [(1, "p1"), (1, "p2")]


async def test_a_parent_is_created_with_its_child(kit: Any) -> None:
    post = await maybe(kit.repo(Post).create(Post(title="hello"), relations={"author": Author(name="bob")}))
    assert (post.author_id, await maybe(kit.repo(Author).count())) == (1, 1)


async def test_rows_that_are_there_are_linked(kit: Any) -> None:
    """Defect 40: they were inserted again."""
    authors, posts = kit.repo(Author), kit.repo(Post)
    ada = await maybe(authors.insert(Author(name="Ada")))
    first = await maybe(posts.create(Post(title="first"), relations={"author": ada}))
    assert (first.author_id, await maybe(authors.count())) == (ada.id, 1)
    bob = await maybe(authors.create(Author(name="Bob"), relations={"posts": [first, Post(title="second")]}))
    assert await titles(kit) == [(bob.id, "first"), (bob.id, "second")]
    again = Post(title="again")
    await maybe(authors.create(Author(name="Di"), relations={"posts": [again, again]}))
    assert [title for _, title in await titles(kit)].count("again") == 1
    # A key that was chosen, and has no row yet, is that of a new one.
    await maybe(posts.create(Post(title="third"), relations={"author": Author(id=50, name="Cy")}))
    assert (await maybe(authors.get(50))).name == "Cy"


async def test_what_create_refuses(kit: Any) -> None:
    authors, posts = kit.repo(Author), kit.repo(Post)
    for repo, obj, relations, error, message in (
        (authors, Author(), {"pots": []}, ValueError, "Unknown relation 'pots' on Author. Available: posts"),
        (authors, Author(), {"posts": Post()}, TypeError, "Relation 'posts' expects a sequence of Post objects."),
        (authors, Author(), {"posts": "ab"}, TypeError, "Relation 'posts' expects a sequence of Post objects."),
        (authors, Author(), {"posts": [Author()]}, TypeError, "Relation 'posts' expects Post."),
        (posts, Post(), {"author": Post()}, TypeError, "Relation 'author' expects Author."),
        (posts, Post(), {"author": [Author()]}, TypeError, "Relation 'author' expects Author."),
        (authors, Post(), {"posts": []}, TypeError, "takes instances of Author"),
    ):
        with pytest.raises(error, match=message):
            await maybe(repo.create(obj, relations=relations))
    assert (await maybe(authors.count()), await maybe(posts.count())) == (0, 0)
    assert (await maybe(authors.create(Author(), relations={"posts": None}))).id is not None
    assert (await maybe(authors.create(Author(), relations={}))).id is not None


async def test_a_failure_leaves_nothing_behind(kit: Any) -> None:
    author, posts = Author(name="x"), [Post(title="a"), Post(id=1, title="b"), Post(id=1, title="c")]
    with pytest.raises(IntegrityError):
        await maybe(kit.repo(Author).create(author, relations={"posts": posts}))
    assert (author.id, [(one.id, one.author_id) for one in posts]) == (None, [(None, None), (1, None), (1, None)])
    assert (await maybe(kit.repo(Author).count()), await titles(kit)) == (0, [])


async def test_inside_a_transaction_only_the_call_is_undone(kit: Any) -> None:
    authors = kit.repo(Author)
    async with entered(kit.engine.transaction()):
        await maybe(authors.insert(Author(name="kept")))
        with pytest.raises(IntegrityError):
            await maybe(authors.create(Author(name="gone"), relations={"posts": [Post(id=1), Post(id=1)]}))
        assert await maybe(authors.count()) == 1
    assert [one.name for one in await maybe(authors.list())] == ["kept"]


async def test_it_commits_nothing_of_the_transaction_around_it(kit: Any) -> None:
    """Defect 3: it ended it with its own."""
    authors = kit.repo(Author)
    with pytest.raises(ZeroDivisionError):
        async with entered(kit.engine.transaction()):
            await maybe(authors.insert(Author(name="before")))
            await maybe(authors.create(Author(name="with"), relations={"posts": [Post(), Post()]}))
            raise ZeroDivisionError
    assert (await maybe(authors.count()), await titles(kit)) == (0, [])


async def test_frozen_objects_are_given_their_keys(kit: Any) -> None:
    made = await maybe(kit.repo(Frozen).create(Frozen(name="ice"), relations={"author": Author(name="Ada")}))
    assert (made.id, made.author_id) == (1, 1)
    again = await maybe(kit.repo(Author).create(Author(), relations={"frozens": [Frozen(name="b")]}))
    found = await maybe(kit.repo(Author).get_related(again.id, include="frozens"))
    assert [(one.name, one.author_id) for one in found.relations["frozens"]] == [("b", again.id)]


async def test_related_rows_are_read(kit: Any) -> None:
    """Defect 38 among others: a name that stands alone was read letter by letter."""
    authors, posts = kit.repo(Author), kit.repo(Post)
    for name in ("Ada", "Bob", "Cy"):
        await maybe(authors.insert(Author(name=name)))
    given = [
        Post(author_id=2, title="b1"),
        Post(author_id=1, title="a1"),
        Post(author_id=2, title="b2"),
        Post(title="none"),
    ]
    await maybe(posts.insert_many(given))
    found = await maybe(authors.get_related(2, include=["posts", "posts"]))
    assert isinstance(found, RelatedResult if kit.colour == "sync" else AsyncRelatedResult)
    assert (found.obj.name, [one.title for one in found.relations["posts"]]) == ("Bob", ["b1", "b2"])
    assert await maybe(authors.get_related(99, include=["posts"])) is None
    listed = await maybe(authors.list_related(include="posts", order_by="-id", limit=2))
    assert [(one.obj.name, [post.title for post in one.relations["posts"]]) for one in listed] == [
        ("Cy", []),
        ("Bob", ["b1", "b2"]),
    ]
    belonging = await maybe(posts.list_related(include=["author"], order_by="id", offset=1))
    assert [one.relations["author"] and one.relations["author"].name for one in belonging] == ["Ada", "Bob", None]
    for include, error, message in (
        (["nope"], ValueError, "Unknown relation 'nope' on Author. Available: "),
        ([""], TypeError, "include relation names must be non-empty strings."),
        ([7], TypeError, "include relation names must be non-empty strings."),
    ):
        with pytest.raises(error, match=message):
            await maybe(authors.list_related(include=include, where=[], limit=1))


async def test_one_statement_for_each_relation(kit: Any) -> None:
    from ferrow.testing import no_n_plus_one

    authors = kit.repo(Author)
    for _ in range(12):
        await maybe(authors.create(Author(), relations={"posts": [Post(), Post()]}))
    with no_n_plus_one(limit=2):
        listed = await maybe(authors.list_related(include=["posts", "frozens"]))
    assert [len(one.relations["posts"]) for one in listed] == [2] * 12


async def test_a_model_that_refers_twice_to_another_one(bare: Any) -> None:
    """Defect 43: such a model's repository could not be made."""

    @dataclass
    class Club:
        id: int | None = field(default=None, metadata=AUTO)

    @dataclass
    class Match:
        id: int | None = field(default=None, metadata=AUTO)
        home_id: int | None = field(default=None, metadata={"fk": (Club, "id")})
        away_id: int | None = field(default=None, metadata={"fk": (Club, "id")})

    clubs, matches = bare.repo(Club), bare.repo(Match)
    await maybe(bare.engine.create_all(Club, Match))
    match = await maybe(matches.create(Match(), relations={"home": Club(), "away": Club()}))
    assert {match.home_id, match.away_id} == {1, 2}
    with pytest.raises(
        ValueError, match=r"Match.home_id and Match.away_id both tell a relation 'matches'. Set metadata 'related_name'"
    ):
        await maybe(clubs.get_related(1, include="matches"))
    with pytest.raises(ValueError, match="related_name"):
        model_relations(Club)
    assert sorted(model_relations(Match)) == ["away", "home"]


async def test_explicit_relations(bare: Any) -> None:
    @dataclass
    class Country:
        code: str = field(default="", metadata={"pk": True, "max_length": 2})

    @dataclass
    class Town:
        id: int | None = field(default=None, metadata=AUTO)
        land: str = ""

    Town.__relations__ = {
        "country": {"model": Country, "local_key": "land", "remote_key": "code", "type": "belongs_to"}
    }  # type: ignore[attr-defined]
    Country.__relations__ = {"towns": RelationSpec("towns", Town, "code", "land", many=True)}  # type: ignore[attr-defined]
    countries, towns = bare.repo(Country), bare.repo(Town)
    await maybe(bare.engine.create_all(Country, Town))
    await maybe(countries.create(Country("it"), relations={"towns": [Town(), Town()]}))
    town = await maybe(towns.create(Town(), relations={"country": Country("fr")}))
    assert (town.land, len((await maybe(countries.get_related("it", include="towns"))).relations["towns"])) == ("fr", 2)
    assert (await maybe(towns.get_related(town.id, include="country"))).relations["country"] == Country("fr")


async def test_unregistered_children(kit: Any) -> None:
    authors = kit.repo(Author, require_registration=True)
    await maybe(authors.register())
    with pytest.raises(ValueError, match="Model Post is not registered"):
        await maybe(authors.create(Author(), relations={"posts": [Post()]}))
    with pytest.raises(ValueError, match="Model Post is not registered"):
        await maybe(authors.list_related(include="posts"))
    assert await maybe(authors.count()) == 0
